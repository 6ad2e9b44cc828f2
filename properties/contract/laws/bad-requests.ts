/** What HTTP does not take: each with its status, its stable code, and a message that names the place and the rule. */
import { describe, expect, test } from 'vitest';
import { FRAME_BYTES_MAX } from '../../../events/limits.ts';
import { expectProblem } from '../http-client.ts';
import type { Kefu, Opened } from '../kefu.ts';

/** Stands in every wrong value, so that an echo of it is found. */
const MARK = 'zebra';
const lone = '\ud800';

export const badRequestLaws = (kefu: () => Kefu): void => {
  const opened = (): Promise<Opened> => kefu().tenant().queued();

  describe('a body that is not what it must be', () => {
    test.each([
      ['messages', 'clientId', { text: 'hello' }],
      ['messages', 'clientId', { clientId: 7, text: 'hello' }],
      ['messages', 'clientId', { clientId: '', text: 'hello' }],
      ['messages', 'clientId', { clientId: MARK.repeat(30), text: 'hello' }],
      ['messages', 'text', { clientId: 'm1' }],
      ['messages', 'text', { clientId: 'm1', text: '' }],
      ['messages', 'text', { clientId: 'm1', text: null }],
      ['messages', 'text', { clientId: 'm1', text: [MARK] }],
      ['messages', 'text', { clientId: 'm1', text: `${MARK}${lone}` }],
      ['messages', 'text', { clientId: 'm1', text: MARK.repeat(2_000) }],
      ['commands', 'type', { clientId: 'c1' }],
      ['commands', 'type', { clientId: 'c1', type: MARK }],
      ['commands', 'type', { clientId: 'c1', type: 'PostMessage', text: MARK }],
      ['commands', 'type', { clientId: 'c1', type: 'constructor' }],
      ['commands', 'clientId', { type: 'CloseSession' }],
      ['commands', 'upTo', { clientId: 'c1', type: 'MarkRead' }],
      ['commands', 'upTo', { clientId: 'c1', type: 'MarkRead', upTo: 0 }],
      ['commands', 'upTo', { clientId: 'c1', type: 'MarkRead', upTo: 1.5 }],
      ['commands', 'upTo', { clientId: 'c1', type: 'MarkRead', upTo: MARK }],
      ['commands', 'score', { clientId: 'c1', type: 'RateSession', score: 0 }],
      ['commands', 'score', { clientId: 'c1', type: 'RateSession', score: 6 }],
      ['commands', 'to', { clientId: 'c1', type: 'TransferSession' }],
      ['commands', 'reason', { clientId: 'c1', type: 'CloseSession', reason: MARK.repeat(201) }],
    ])('for %s is told where: %s', async (collection, place, body) => {
      const { path, visitor } = await opened();
      const { detail } = expectProblem(await visitor.http.post(path(`/${collection}`), body), 400, 'invalid');
      expect(detail).toMatch(new RegExp(`^${place}: expected \\S`));
      expect(detail).not.toContain(MARK);
    });

    test.each([
      ['visitor', { visitor: MARK }],
      ['visitor.id', { visitor: { id: 7 } }],
      ['visitor.name', { visitor: { name: MARK.repeat(201) } }],
      ['clientId', { clientId: [MARK] }],
      ['locale', { locale: MARK.repeat(8) }],
      ['metadata', { metadata: { deep: { down: MARK } } }],
      ['metadata', { metadata: [MARK] }],
      ['metadata', { metadata: Object.fromEntries(Array.from({ length: 33 }, (_, key) => [`${MARK}${key}`, 1])) }],
      ['metadata', { metadata: { long: MARK.repeat(201) } }],
      ['metadata', { metadata: { text: `${MARK}${lone}` } }],
      ['metadata', { metadata: { [`${MARK}${lone}`]: 1 } }],
    ])('for opening is told where: %s', async (place, body) => {
      const { detail } = expectProblem(await kefu().anyone.post('/v1/sessions', body), 400, 'invalid');
      expect(detail).toMatch(new RegExp(`^${place.replace('.', '\\.')}: expected \\S`));
      expect(detail.match(/expected/g)).toHaveLength(1);
      expect(detail).not.toContain(MARK);
    });

    test.each([
      ['no JSON', `{"text": ${MARK}`],
      ['a list', `["${MARK}"]`],
      ['a text', `"${MARK}"`],
      ['a number', '42'],
      ['null', 'null'],
    ])('because it is %s is told so', async (_what, body) => {
      const { path, visitor } = await opened();
      for (const target of ['/v1/sessions', path('/messages'), path('/commands')]) {
        const { detail } = expectProblem(await visitor.http.post(target, body), 400, 'invalid');
        expect(detail).toMatch(/^body: expected [^;]+$/);
        expect(detail).not.toContain(MARK);
      }
    });

    test('because it is not UTF-8 is told so', async () => {
      const { path, visitor } = await opened();
      const body = Buffer.concat([
        Buffer.from('{"clientId":"m1","text":"'),
        Buffer.from([0xff, 0xfe]),
        Buffer.from('"}'),
      ]);
      const answer = await visitor.http.send(path('/messages'), { method: 'POST', body });
      expect(expectProblem(answer, 400, 'invalid').detail).toMatch(/^body: /);
    });

    test('names every wrong place at once', async () => {
      const { path, visitor } = await opened();
      const answer = await visitor.http.post(path('/messages'), { clientId: 1, text: 2 });
      expect(expectProblem(answer, 400, 'invalid').detail).toMatch(/^clientId: expected .+; text: expected .+$/);
    });

    test('keys that this version does not know are passed over', async () => {
      const { path, visitor } = await opened();
      const body = { clientId: 'm1', text: 'hello', colour: 'blue' };
      expect((await visitor.http.post(path('/messages'), body)).status).toBe(201);
    });
  });

  describe('a body', () => {
    const message = (bytes: number): string => {
      const start = '{"clientId":"m1","text":"hello","padding":"';
      return `${start}${'x'.repeat(bytes - start.length - 2)}"}`;
    };

    test('of 64 KiB is taken', async () => {
      const { path, visitor } = await opened();
      expect((await visitor.http.post(path('/messages'), message(FRAME_BYTES_MAX))).status).toBe(201);
    });

    test('of one byte more is too large', async () => {
      const { path, visitor } = await opened();
      expectProblem(await visitor.http.post(path('/messages'), message(FRAME_BYTES_MAX + 1)), 413, 'too_large');
    });

    test('of some megabytes is too large, whether its length is told before or not', async () => {
      const { path, visitor } = await opened();
      const huge = message(4 * 1024 * 1024);
      expectProblem(await visitor.http.post(path('/messages'), huge), 413, 'too_large');
      const body = new Blob([huge]).stream();
      const answer = await visitor.http.send(path('/messages'), { method: 'POST', body, duplex: 'half' });
      expectProblem(answer, 413, 'too_large');
    });
  });

  describe('a session’s id', () => {
    test.each(['%20', 'a%2Fb', 'a.b', '%E5%AE%A2', 'a%00b', 'x'.repeat(65), 'x'.repeat(1_000)])(
      'cannot be %s',
      async (id) => {
        const { http } = kefu().tenant().person('agent');
        for (const rest of ['', '/messages', '/events'])
          expect(expectProblem(await http.get(`/v1/sessions/${id}${rest}`), 400, 'invalid').detail).toMatch(
            /^session: /,
          );
        const message = { clientId: 'm1', text: 'hello' };
        expectProblem(await http.post(`/v1/sessions/${id}/messages`, message), 400, 'invalid');
        expectProblem(await http.post(`/v1/sessions/${id}/commands`, { clientId: 'c1' }), 400, 'invalid');
      },
    );

    test('cannot be percent-encoding that is none', async () => {
      const { http } = kefu().tenant().person('agent');
      for (const path of ['/v1/sessions/%zz', '/v1/sessions/%ff/messages', '/%'])
        expect(expectProblem(await http.get(path), 400, 'invalid').detail).toMatch(/^path: expected /);
    });

    test('that nobody has is not found', async () => {
      const { http } = kefu().tenant().person('agent');
      const id = 'x'.repeat(64);
      for (const rest of ['', '/messages', '/events', '?at=1'])
        expectProblem(await http.get(`/v1/sessions/${id}${rest}`), 404, 'not_found');
      expectProblem(await http.post(`/v1/sessions/${id}/messages`, { clientId: 'm', text: 'x' }), 404, 'not_found');
      const command = { clientId: 'c', type: 'CloseSession' };
      expectProblem(await http.post(`/v1/sessions/${id}/commands`, command), 404, 'not_found');
    });
  });

  test.each([
    ['GET', '/v1'],
    ['GET', '/v1/session'],
    ['GET', '/v2/sessions'],
    ['GET', '/nothing'],
    ['GET', '/../package.json'],
    ['GET', '/assets/../../package.json'],
    ['DELETE', '/v1/sessions'],
    ['PUT', '/v1/sessions/abc/messages'],
    ['POST', '/livez'],
  ])('%s %s is not found', async (method, path) => {
    expectProblem(await kefu().tenant().person('admin').http.send(path, { method }), 404, 'not_found');
  });
};
