/** `GET /v1/sessions/:id/events`, and `GET /v1/events` as lines. */
import { describe, expect, test } from 'vitest';
import { expectProblem } from '../http-client.ts';
import { done, type Kefu, type Opened, type Person, randomId, said } from '../kefu.ts';
import { type Line, linesOf, readLines } from '../lines.ts';
import { anyNumber, anyText } from '../shapes.ts';

interface Page {
  readonly events: readonly { readonly seq: number; readonly at: number; readonly type: string }[];
  readonly next: number | null;
}

export const factLaws = (kefu: () => Kefu): void => {
  describe('a session’s facts', () => {
    const page = async (by: Person, { path }: Opened, query: string): Promise<Page> =>
      (await by.http.get<Page>(path(`/events${query}`))).body;

    test('come by seq without a gap, each with its time and type', async () => {
      const tenant = kefu().tenant();
      const agent = tenant.person('agent');
      const opened = await tenant.assigned(agent);
      const { messageId } = await said(agent, opened, 'hello');
      const author = { role: 'agent', id: agent.id };
      const by = { role: 'visitor', id: opened.visitor.id };
      const at = anyNumber;
      const deadlines = { assistantReplyMs: 10_000, firstResponseMs: 120_000, idleCloseMs: 86_400_000 };
      expect(await page(agent, opened, '')).toEqual({
        events: [
          { seq: 1, at, type: 'SessionOpened', visitor: { id: opened.visitor.id }, by, deadlines },
          { seq: 2, at, type: 'SessionAssigned', agent: agent.id, by: author },
          { seq: 3, at, type: 'MessagePosted', messageId, author, text: 'hello' },
        ],
        next: null,
      });
    });

    test('come page by page, also where several were stored together', async () => {
      const tenant = kefu().tenant();
      const opened = await tenant.queued();
      const socket = await opened.visitor.socket();
      // Said all at once, so that some of them share a commit.
      await Promise.all(
        Array.from({ length: 250 }, () => socket.expect('ack', { type: 'say', session: opened.session, text: 'x' })),
      );
      for (const limit of [1, 7, 200]) {
        const seqs: number[] = [];
        let next: number | null = limit === 1 ? 247 : 0;
        const first = next + 1;
        while (next !== null) {
          const one: Page = await page(opened.visitor, opened, `?limit=${limit}&after=${next}`);
          expect(one.events.length).toBeLessThanOrEqual(limit);
          seqs.push(...one.events.map(({ seq }) => seq));
          next = one.next;
        }
        expect(seqs).toEqual(Array.from({ length: 252 - first + 1 }, (_, index) => first + index));
      }
      expect((await page(opened.visitor, opened, '')).events).toHaveLength(50);
      expect(await page(opened.visitor, opened, '?after=252')).toEqual({ events: [], next: null });
      socket.close();
    });

    test.each(['limit=0', 'limit=201', 'limit=x', 'after=-1', 'after=x'])(
      'cannot be asked for with %s',
      async (query) => {
        const { visitor, path } = await kefu().tenant().opened();
        const [name] = query.split('=');
        const { detail } = expectProblem(await visitor.http.get(path(`/events?${query}`)), 400, 'invalid');
        expect(detail).toMatch(new RegExp(`^${name}: expected an integer`));
      },
    );
  });

  describe('a tenant’s facts', () => {
    /** Some sessions of one tenant with facts that were stored together. */
    const history = async () => {
      const tenant = kefu().tenant();
      const sessions = await Promise.all([tenant.queued(), tenant.queued()]);
      await Promise.all(
        sessions.map(async (opened) => {
          const socket = await opened.visitor.socket();
          const { session } = opened;
          await Promise.all(
            Array.from({ length: 20 }, () => socket.expect('ack', { type: 'say', session, text: 'x' })),
          );
          socket.close();
        }),
      );
      return { tenant, sessions, analyst: tenant.person('analyst') };
    };

    test('are lines of JSON, every session in order and nobody else’s among them', async () => {
      const { sessions, analyst } = await history();
      await kefu().tenant().opened();
      const answer = await analyst.http.get('/v1/events');
      expect(answer.status).toBe(200);
      expect(answer.type).toMatch(/^application\/x-ndjson/);
      const lines = linesOf(answer.text);
      expect(lines).toHaveLength(2 * 22);
      for (const { session } of sessions) {
        const own = lines.filter((line) => line.session === session);
        expect(own.map(({ seq }) => seq)).toEqual(Array.from({ length: 22 }, (_, index) => index + 1));
      }
      expect(lines[0]).toMatchObject({ position: anyText, seq: 1, at: anyNumber });
      expect(new Set(lines.map(({ position }) => position)).size).toBe(lines.length);
      expect(answer.text).not.toContain('clientId');
    });

    test('go on behind any line’s position, also in the middle of a commit', async () => {
      const { analyst } = await history();
      const all = linesOf((await analyst.http.get('/v1/events')).text);
      const rest = await Promise.all(
        all.map(async ({ position }) =>
          linesOf((await analyst.http.get(`/v1/events?after=${encodeURIComponent(position)}`)).text),
        ),
      );
      for (const [index, lines] of rest.entries()) expect(lines).toEqual(all.slice(index + 1));
      expect(
        all.some(({ at, session }, index) => at === all[index + 1]?.at && session === all[index + 1]?.session),
      ).toBe(true);
    });

    test('begin at the beginning from position 0', async () => {
      const { analyst } = await history();
      const [whole, fromZero] = [await analyst.http.get('/v1/events'), await analyst.http.get('/v1/events?after=0')];
      expect(fromZero.text).toBe(whole.text);
    });

    test('with follow=true stay open and bring what happens later', async () => {
      const { tenant, sessions, analyst } = await history();
      const [opened] = sessions;
      if (opened === undefined) throw new Error('there is no session');
      const stream = await readLines(analyst.http, '/v1/events?follow=true');
      const past = await stream.take(2 * 22);
      await said(opened.visitor, opened, 'later');
      const [later] = await stream.take(1);
      expect(later).toMatchObject({ session: opened.session, seq: 23, type: 'MessagePosted', text: 'later' });
      const fresh = await tenant.opened();
      expect((await stream.take(1))[0]).toMatchObject({ session: fresh.session, seq: 1, type: 'SessionOpened' });
      await stream.end();
      const resumed = await readLines(analyst.http, `/v1/events?follow=true&after=${past.at(-1)?.position}`);
      expect(await resumed.take(1)).toEqual([later]);
      await resumed.end();
    });

    test('are followed by as many as like to', async () => {
      const { analyst } = await history();
      const followers = Array.from({ length: 12 }, () => readLines(analyst.http, '/v1/events?follow=true'));
      for (const stream of await Promise.all(followers)) {
        expect(await stream.take(1)).toHaveLength(1);
        await stream.end();
      }
    });

    test('come with every word of staff, because only staff may ask', async () => {
      const tenant = kefu().tenant();
      const opened = await tenant.opened();
      await done(tenant.person('agent'), opened, { type: 'AddNote', text: 'for us' });
      const lines: readonly Line[] = linesOf((await tenant.person('analyst').http.get('/v1/events')).text);
      expect(lines.map(({ type }) => type)).toEqual(['SessionOpened', 'NoteAdded']);
      expectProblem(await opened.visitor.http.get('/v1/events'), 403, 'forbidden');
    });

    test.each(['x', '-1', '1', '1-', '1-x', '99999999999999999-0'])('know no position %s', async (after) => {
      const analyst = kefu().tenant().person('analyst');
      const { detail } = expectProblem(await analyst.http.get(`/v1/events?after=${after}`), 400, 'invalid');
      expect(detail).toMatch(/^after: /);
      expect(detail).not.toContain(after === 'x' ? 'x:' : `${after} `);
    });

    test('follow is true or false', async () => {
      const analyst = kefu().tenant().person('analyst', randomId());
      expectProblem(await analyst.http.get('/v1/events?follow=maybe'), 400, 'invalid');
      expect((await analyst.http.get('/v1/events?follow=false')).text).toBe('');
    });
  });
};
