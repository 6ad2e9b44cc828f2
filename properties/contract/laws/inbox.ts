/** `GET /v1/sessions`: the inbox as a list. */
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { SessionView } from '../../../events/frames.ts';
import { expectProblem } from '../http-client.ts';
import { done, type Kefu, type Opened, type Person, said, type Tenant } from '../kefu.ts';

interface Page {
  readonly sessions: readonly SessionView[];
  readonly next: string | null;
}

export const inboxLaws = (kefu: () => Kefu): void => {
  describe('the inbox', () => {
    let tenant: Tenant;
    let alice: Person;
    let bob: Person;
    let regular: Person;
    /** In the order of their last activity, oldest first. */
    let all: readonly Opened[];
    const list = async (by: Person, query = ''): Promise<Page> => {
      const answer = await by.http.get<Page>(`/v1/sessions${query}`);
      expect(answer.status).toBe(200);
      return answer.body;
    };
    const named = ({ sessions }: Page): readonly string[] => sessions.map(({ session }) => session);
    const lists = (by: Person, query: string, ...indexes: readonly number[]): Promise<void> =>
      vi.waitFor(async () => expect(named(await list(by, query))).toEqual(some(...indexes)), { interval: 10 });
    const some = (...indexes: readonly number[]): readonly (string | undefined)[] =>
      indexes.map((index) => all[index]?.session);

    beforeAll(async () => {
      tenant = kefu().tenant();
      [alice, bob, regular] = [tenant.person('agent'), tenant.person('agent'), tenant.person('visitor')];
      const make = [
        () => tenant.opened(regular),
        () => tenant.queued(),
        () => tenant.queued(regular),
        () => tenant.assigned(alice),
        () => tenant.assigned(bob),
        () => tenant.assigned(alice, regular),
        async () => {
          const opened = await tenant.assigned(bob);
          await done(bob, opened, { type: 'CloseSession' });
          return opened;
        },
      ];
      const made: Opened[] = [];
      for (const one of make) made.push(await one());
      all = made;
      // Another server than the one that acknowledged may take a moment to list it; each is asked in turn.
      for (const _server of [1, 2]) await lists(alice, '', 6, 5, 4, 3, 2, 1, 0);
    });

    test('has the newest activity first', async () => {
      expect(named(await list(alice))).toEqual(some(6, 5, 4, 3, 2, 1, 0));
      const [row] = (await list(alice)).sessions;
      expect(row).toEqual((await alice.http.get(`/v1/sessions/${row?.session}`)).body);
      expect((await list(alice)).next).toBeNull();
    });

    test.each([
      ['?status=assistant', [0]],
      ['?status=queued', [2, 1]],
      ['?status=assigned', [5, 4, 3]],
      ['?status=closed', [6]],
    ] as const)('%s gives the sessions in that state', async (query, expected) => {
      expect(named(await list(bob, query))).toEqual(some(...expected));
    });

    test('by assignee and by visitor, alone and together', async () => {
      expect(named(await list(alice, `?assignee=${alice.id}`))).toEqual(some(5, 3));
      expect(named(await list(alice, `?assignee=${bob.id}`))).toEqual(some(6, 4));
      expect(named(await list(alice, `?assignee=${bob.id}&status=assigned`))).toEqual(some(4));
      expect(named(await list(alice, `?visitor=${regular.id}`))).toEqual(some(5, 2, 0));
      expect(named(await list(alice, `?visitor=${regular.id}&status=queued`))).toEqual(some(2));
      expect(named(await list(alice, `?visitor=${regular.id}&assignee=${alice.id}`))).toEqual(some(5));
      expect(named(await list(alice, '?assignee=nobody'))).toEqual([]);
    });

    test('comes page by page, `next` by `next`, to the end', async () => {
      for (const limit of [1, 2, 7]) {
        const pages = [await list(alice, `?limit=${limit}`)];
        for (let next = pages[0]?.next ?? null; next !== null; next = pages.at(-1)?.next ?? null)
          pages.push(await list(alice, `?limit=${limit}&cursor=${encodeURIComponent(next)}`));
        expect(pages.flatMap(named)).toEqual(some(6, 5, 4, 3, 2, 1, 0));
        expect(pages).toHaveLength(Math.ceil(7 / limit));
      }
    });

    test('pages through a filter as well', async () => {
      const first = await list(alice, '?status=assigned&limit=2');
      expect(named(first)).toEqual(some(5, 4));
      const second = await list(alice, `?status=assigned&limit=2&cursor=${encodeURIComponent(first.next ?? '')}`);
      expect(second).toMatchObject({ sessions: [{ session: all[3]?.session }], next: null });
    });

    test('of a visitor has only their own sessions, whatever they ask for', async () => {
      expect(named(await list(regular))).toEqual(some(5, 2, 0));
      expect(named(await list(regular, `?visitor=${all[1]?.visitor.id}`))).toEqual(some(5, 2, 0));
    });

    test('of another tenant is another one', async () => {
      expect(await list(kefu().tenant().person('admin'))).toEqual({ sessions: [], next: null });
    });

    test.each([
      'status=open',
      'limit=0',
      'limit=201',
      'limit=x',
      'cursor=x',
      'cursor=1',
      'assignee=',
      `visitor=${'v'.repeat(129)}`,
    ])('cannot be asked for with %s', async (query) => {
      const [name] = query.split('=');
      const { detail } = expectProblem(await alice.http.get(`/v1/sessions?${query}`), 400, 'invalid');
      expect(detail).toMatch(new RegExp(`^${name}: expected `));
    });

    test('takes a limit of 1 and of 200', async () => {
      expect((await list(alice, '?limit=1')).sessions).toHaveLength(1);
      expect((await list(alice, '?limit=200')).sessions).toHaveLength(7);
    });

    test('finds people whatever they are called', async () => {
      const own = kefu().tenant();
      for (const name of [
        '*',
        '>',
        'a:b',
        'a.b/c',
        '李雷 😀',
        'two\nlines',
        '%2F',
        'x'.repeat(128),
        'a\u0000b',
        '\uffff',
      ]) {
        const [agent, visitor] = [own.person('agent', name), own.person('visitor', name)];
        const opened = await own.assigned(agent, visitor);
        await said(agent, opened, name);
        for (const query of ['?visitor=', '?assignee=', '?status=assigned&assignee='])
          await vi.waitFor(
            async () => expect(named(await list(agent, query + encodeURIComponent(name)))).toEqual([opened.session]),
            { interval: 10 },
          );
      }
    });
  });
};
