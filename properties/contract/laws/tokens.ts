/** Who is not let in, and why, on HTTP and on the socket's upgrade. */
import { describe, expect, test } from 'vitest';
import { expectProblem, HttpClient } from '../http-client.ts';
import type { Kefu } from '../kefu.ts';
import { connect, refusedUpgrade } from '../socket-client.ts';
import { type Claims, claimsOf, nowSeconds, signed, unsigned } from '../tokens.ts';

const good = claimsOf('agent', 'alice', 'default');
const without = (claim: keyof Claims): Claims => ({ ...good, [claim]: undefined });

const bad: readonly (readonly [what: string, make: (secret: string) => string])[] = [
  ['that is no token', () => 'zebra'],
  ['with three parts of nothing', () => 'a.b.c'],
  ['signed with another key', () => signed('another key of at least 32 bytes length', good)],
  ['without a signature', (secret) => signed(secret, good).replace(/[^.]+$/, '')],
  ['with alg none', () => unsigned(good)],
  ['with alg RS256 over the shared key', (secret) => signed(secret, good, { alg: 'RS256' })],
  ['with alg HS512', (secret) => signed(secret, good, { alg: 'HS512' })],
  ['without exp', (secret) => signed(secret, without('exp'))],
  ['with an exp that is no number', (secret) => signed(secret, { ...good, exp: 'tomorrow' })],
  ['without sub', (secret) => signed(secret, without('sub'))],
  ['with a sub that is no text', (secret) => signed(secret, { ...good, sub: 7 })],
  ['with an empty sub', (secret) => signed(secret, { ...good, sub: '' })],
  ['without role', (secret) => signed(secret, without('role'))],
  ['with an unknown role', (secret) => signed(secret, { ...good, role: 'zebra' })],
  ['with the assistant’s role', (secret) => signed(secret, { ...good, role: 'assistant' })],
  ['with the system’s role', (secret) => signed(secret, { ...good, role: 'system' })],
  ['with a tenant that is no name', (secret) => signed(secret, { ...good, tenant: 'zebra crossing' })],
  ['with a tenant that is a wildcard', (secret) => signed(secret, { ...good, tenant: '*' })],
  ['with a sid that is no name', (secret) => signed(secret, { ...good, sid: 'a/b' })],
  ['that is not valid yet', (secret) => signed(secret, { ...good, nbf: nowSeconds() + 60 })],
];

export const tokenLaws = (kefu: () => Kefu): void => {
  const httpWith = (token: string): HttpClient => new HttpClient(kefu().url, token);

  describe('a token', () => {
    test.each(bad)('%s is not let in', async (_what, make) => {
      const token = make(kefu().secret);
      const answer = await httpWith(token).get('/v1/sessions');
      const { detail } = expectProblem(answer, 401, 'unauthenticated');
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
      expect(detail).not.toContain('zebra');
      const refused = await refusedUpgrade(kefu().url, token);
      expect(refused).toMatchObject({
        status: 401,
        type: 'application/problem+json',
        body: { code: 'unauthenticated' },
      });
    });

    test('that is bad is refused also where none is needed', async () => {
      expectProblem(await httpWith('zebra').post('/v1/sessions', {}), 401, 'unauthenticated');
    });

    test('that has expired is refused, and on the socket closed with 4401', async () => {
      const token = kefu().sign({ ...good, exp: nowSeconds() - 1 });
      expectProblem(await httpWith(token).get('/v1/sessions'), 401, 'unauthenticated');
      const socket = await connect(kefu().url, token);
      socket.sendRaw('{"type":"ping"}');
      expect(await socket.closed).toMatchObject({ code: 4401 });
      expect(socket.texts).toEqual([]);
    });

    test('without a tenant belongs to the tenant `default`', async () => {
      const { body } = await kefu().anyone.post<{ session: string }>('/v1/sessions', {});
      const agent = httpWith(kefu().sign(without('tenant')));
      expect((await agent.get(`/v1/sessions/${body.session}`)).status).toBe(200);
    });

    test('is asked for', async () => {
      for (const path of ['/v1/sessions', '/v1/sessions/abc', '/v1/sessions/abc/messages', '/v1/events'])
        expectProblem(await kefu().anyone.get(path), 401, 'unauthenticated');
      const message = { clientId: 'm1', text: 'hello' };
      expectProblem(await kefu().anyone.post('/v1/sessions/abc/messages', message), 401, 'unauthenticated');
      const basic = { authorization: 'Basic YWxpY2U6c2VjcmV0' };
      expectProblem(await kefu().anyone.get('/v1/sessions', basic), 401, 'unauthenticated');
    });

    test('in an address is not looked at', async () => {
      const token = kefu().sign(good);
      expectProblem(
        await kefu().anyone.get(`/v1/sessions?token=${token}&access_token=${token}`),
        401,
        'unauthenticated',
      );
      const path = `/v1/socket?token=${token}`;
      expect(await refusedUpgrade(kefu().url, token, { path, protocols: ['kefu.v1'] })).toMatchObject({ status: 401 });
    });
  });

  describe('the socket', () => {
    test('takes the token as the second subprotocol, and answers with the first', async () => {
      const socket = await connect(kefu().url, kefu().sign(good));
      expect(socket.subprotocol).toBe('kefu.v1');
      await socket.ping();
      socket.close();
    });

    test('takes the token in the Authorization header, with and without the subprotocol', async () => {
      const headers = { authorization: `Bearer ${kefu().sign(good)}` };
      for (const protocols of [['kefu.v1'], []]) {
        const socket = await connect(kefu().url, '', { headers, protocols });
        expect(socket.subprotocol).toBe(protocols[0] ?? '');
        await socket.ping();
        socket.close();
      }
    });

    test('needs a token', async () => {
      const refused = await refusedUpgrade(kefu().url, '', { protocols: ['kefu.v1'] });
      expect(refused).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    });

    test('does not speak another version', async () => {
      const refused = await refusedUpgrade(kefu().url, kefu().sign(good), { protocols: ['kefu.v2'] });
      expect(refused).toMatchObject({ status: 400, body: { code: 'invalid' } });
    });

    test('is at /v1/socket only', async () => {
      const refused = await refusedUpgrade(kefu().url, kefu().sign(good), { path: '/v1/sockets' });
      expect(refused).toMatchObject({ status: 404, body: { code: 'not_found' } });
    });

    test('is closed with 4401 when its token expires', async () => {
      const socket = await connect(kefu().url, kefu().sign({ ...good, exp: nowSeconds() + 1 }));
      await socket.ping();
      expect(await socket.closed).toMatchObject({ code: 4401 });
    });
  });
};
