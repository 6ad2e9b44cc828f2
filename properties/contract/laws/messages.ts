/** `/v1/sessions/:id/messages`: saying, and reading back page by page. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { HistoryMessage } from '../../../events/frames.ts';
import { expectProblem } from '../http-client.ts';
import type { Kefu, Opened } from '../kefu.ts';
import { anyNumber, anyText } from '../shapes.ts';

interface Page {
  readonly messages: readonly HistoryMessage[];
  readonly next: number | null;
}

/** More than one page of the greatest size; the first message has seq 3, behind the opening and the hand-off. */
const MESSAGES = 205;
const FIRST_SEQ = 3;
const LAST_SEQ = FIRST_SEQ + MESSAGES - 1;

export const messageLaws = (kefu: () => Kefu): void => {
  describe('saying something over HTTP', () => {
    test('is answered 201 with its seq, its message id and the time', async () => {
      const { path, visitor } = await kefu().tenant().queued();
      const before = Date.now();
      const said = await visitor.http.post<{ at: number }>(path('/messages'), {
        clientId: 'm1',
        text: '你好 👋\n\tbye',
      });
      expect(said.status).toBe(201);
      expect(said.body).toEqual({ seq: 3, messageId: anyText, at: anyNumber });
      expect(said.body.at).toBeGreaterThanOrEqual(before);
      const { body } = await visitor.http.get<Page>(path('/messages'));
      const author = { role: 'visitor', id: visitor.id };
      expect(body).toEqual({ messages: [{ ...said.body, author, text: '你好 👋\n\tbye' }], next: null });
    });

    test('takes a text of 8,000 characters, and not one more', async () => {
      const { path, visitor } = await kefu().tenant().queued();
      const text = '界'.repeat(8_000);
      expect((await visitor.http.post(path('/messages'), { clientId: 'm1', text })).status).toBe(201);
      const longer = await visitor.http.post(path('/messages'), { clientId: 'm2', text: `${text}界` });
      expect(expectProblem(longer, 400, 'invalid').detail).toMatch(/^text: /);
      expect((await visitor.http.get<Page>(path('/messages'))).body.messages[0]?.text).toBe(text);
    });
  });

  describe('a session’s messages', () => {
    let opened: Opened;
    const page = async (query: string): Promise<Page> =>
      (await opened.visitor.http.get<Page>(opened.path(`/messages${query}`))).body;
    const seqs = ({ messages }: Page): readonly number[] => messages.map(({ seq }) => seq);
    const range = (from: number, to: number): readonly number[] =>
      Array.from({ length: to - from + 1 }, (_, index) => from + index);

    beforeAll(async () => {
      opened = await kefu().tenant().queued();
      const socket = await opened.visitor.socket();
      const asks = range(1, MESSAGES).map((number) =>
        socket.expect('ack', { type: 'say', session: opened.session, text: `message ${number}` }),
      );
      await Promise.all(asks);
      socket.close();
    });

    test('without a place are the latest 50, oldest first', async () => {
      const latest = await page('');
      expect(seqs(latest)).toEqual(range(LAST_SEQ - 49, LAST_SEQ));
      expect(latest.next).toBe(LAST_SEQ - 49);
      expect(latest.messages.at(-1)?.text).toBe(`message ${MESSAGES}`);
    });

    test('`before` pages back to the first message, `next` by `next`', async () => {
      const pages = [await page('?limit=80')];
      for (let next = pages[0]?.next ?? null; next !== null; next = pages.at(-1)?.next ?? null)
        pages.push(await page(`?limit=80&before=${next}`));
      expect(pages.map(({ messages }) => messages.length)).toEqual([80, 80, 45]);
      expect(pages.toReversed().flatMap(seqs)).toEqual(range(FIRST_SEQ, LAST_SEQ));
    });

    test('`after` pages forward to the newest message, `next` by `next`', async () => {
      const pages = [await page('?limit=80&after=0')];
      for (let next = pages[0]?.next ?? null; next !== null; next = pages.at(-1)?.next ?? null)
        pages.push(await page(`?limit=80&after=${next}`));
      expect(pages.map(({ messages }) => messages.length)).toEqual([80, 80, 45]);
      expect(pages.flatMap(seqs)).toEqual(range(FIRST_SEQ, LAST_SEQ));
    });

    test('a page that ends exactly with the last message has no next', async () => {
      expect(await page(`?limit=5&after=${LAST_SEQ - 5}`)).toMatchObject({ next: null });
      expect(seqs(await page(`?limit=5&after=${LAST_SEQ - 5}`))).toEqual(range(LAST_SEQ - 4, LAST_SEQ));
      expect(await page(`?limit=5&before=${FIRST_SEQ + 5}`)).toMatchObject({ next: null });
      expect(seqs(await page(`?limit=5&before=${FIRST_SEQ + 5}`))).toEqual(range(FIRST_SEQ, FIRST_SEQ + 4));
    });

    test('behind the newest and before the first there is an empty page', async () => {
      expect(await page(`?after=${LAST_SEQ}`)).toEqual({ messages: [], next: null });
      expect(await page('?after=1000000')).toEqual({ messages: [], next: null });
      expect(await page('?before=1')).toEqual({ messages: [], next: null });
    });

    test('come one at a time or 200 at a time', async () => {
      expect(seqs(await page('?limit=1'))).toEqual([LAST_SEQ]);
      expect(seqs(await page('?limit=1&after=0'))).toEqual([FIRST_SEQ]);
      expect(seqs(await page('?limit=200'))).toEqual(range(LAST_SEQ - 199, LAST_SEQ));
      expect(seqs(await page('?limit=200&after=0'))).toEqual(range(FIRST_SEQ, FIRST_SEQ + 199));
    });

    test.each(['limit=0', 'limit=201', 'limit=x', 'limit=-1', 'limit=1.5', 'after=-1', 'after=x', 'before=0'])(
      'cannot be asked for with %s',
      async (query) => {
        const [name] = query.split('=');
        const refused = await opened.visitor.http.get(opened.path(`/messages?${query}`));
        expect(expectProblem(refused, 400, 'invalid').detail).toMatch(new RegExp(`^${name}: expected an integer`));
      },
    );

    test('cannot be asked for in both directions at once', async () => {
      expectProblem(await opened.visitor.http.get(opened.path('/messages?after=1&before=9')), 400, 'invalid');
    });

    test('are the same over the socket, page by page', async () => {
      const socket = await opened.visitor.socket();
      const history = (query: Record<string, number>) =>
        socket.expect('history', { type: 'history', session: opened.session, ...query });
      for (const [query, frame] of [
        ['', {}],
        ['?limit=7', { limit: 7 }],
        ['?limit=7&before=100', { limit: 7, before: 100 }],
        ['?limit=7&after=100', { limit: 7, after: 100 }],
        ['?after=200&limit=200', { after: 200, limit: 200 }],
      ] as const) {
        const reply = await history(frame);
        expect({ messages: reply.messages, next: reply.next }).toEqual(await page(query));
        expect(reply.session).toBe(opened.session);
      }
      socket.close();
    });

    test('have an author, a time and an id of their own', async () => {
      const { messages } = await page('?limit=200');
      expect(messages.at(-1)).toEqual({
        seq: LAST_SEQ,
        messageId: anyText,
        author: { role: 'visitor', id: opened.visitor.id },
        text: `message ${MESSAGES}`,
        at: anyNumber,
      });
      expect(new Set(messages.map(({ messageId }) => messageId)).size).toBe(200);
    });
  });
};
