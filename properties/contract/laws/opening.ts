/** `POST /v1/sessions`. */
import { describe, expect, test } from 'vitest';
import type { SessionView } from '../../../events/frames.ts';
import { expectProblem } from '../http-client.ts';
import { type Kefu, randomId } from '../kefu.ts';
import { anyText, textLike } from '../shapes.ts';
import { nowSeconds, readClaims } from '../tokens.ts';

interface Opening {
  readonly session: string;
  readonly seq: number;
  readonly token: string;
}

const openingShape = { session: textLike(/^[A-Za-z0-9_-]{1,64}$/), seq: 1, token: anyText };

export const openingLaws = (kefu: () => Kefu): void => {
  const viewOf = async ({ session, token }: Opening): Promise<SessionView> =>
    (await kefu().bearer(token, 'visitor', '').http.get<SessionView>(`/v1/sessions/${session}`)).body;

  describe('opening a session', () => {
    test('without a token makes an anonymous visitor, whose token is bound to the session', async () => {
      const opened = await kefu().anyone.post<Opening>('/v1/sessions', {});
      expect(opened.status).toBe(201);
      expect(opened.type).toMatch(/^application\/json/);
      expect(opened.body).toEqual(openingShape);
      const claims = readClaims(opened.body.token);
      expect(claims).toMatchObject({ role: 'visitor', tenant: 'default', sid: opened.body.session });
      expect(claims.exp).toBeGreaterThan(nowSeconds());
      expect((await viewOf(opened.body)).visitor).toEqual({ id: claims.sub });
    });

    test('needs no body at all', async () => {
      expect((await kefu().anyone.send('/v1/sessions', { method: 'POST' })).status).toBe(201);
    });

    test('keeps the visitor’s name, the locale and the metadata', async () => {
      const metadata = { order: 'A-17', total: 12.5, vip: true, coupon: null };
      const body = { clientId: randomId(), visitor: { name: '李雷' }, locale: 'zh-CN', metadata };
      const opened = await kefu().anyone.post<Opening>('/v1/sessions', body);
      expect(opened.status).toBe(201);
      expect(await viewOf(opened.body)).toMatchObject({ visitor: { name: '李雷' }, locale: 'zh-CN', metadata });
    });

    test('with a visitor’s token opens a session of their own', async () => {
      const visitor = kefu().tenant().person('visitor');
      const opened = await visitor.http.post<Opening>('/v1/sessions', { visitor: { id: visitor.id } });
      expect(opened.status).toBe(201);
      expect(opened.body).toEqual(openingShape);
      expect((await viewOf(opened.body)).visitor.id).toBe(visitor.id);
    });

    test.each(['service', 'admin'] as const)('the %s opens one for a visitor, who gets the token', async (role) => {
      const tenant = kefu().tenant();
      const platform = tenant.person(role);
      const opened = await platform.http.post<Opening>('/v1/sessions', { visitor: { id: 'customer-7', name: 'Li' } });
      expect(opened.status).toBe(201);
      expect(readClaims(opened.body.token)).toMatchObject({
        sub: 'customer-7',
        role: 'visitor',
        tenant: tenant.name,
        sid: opened.body.session,
      });
      expect((await viewOf(opened.body)).visitor).toEqual({ id: 'customer-7', name: 'Li' });
    });

    test('the service need not name the visitor', async () => {
      const opened = await kefu().tenant().person('service').http.post<Opening>('/v1/sessions', {});
      const { sub } = readClaims(opened.body.token);
      expect((await viewOf(opened.body)).visitor.id).toBe(sub);
    });

    test.each(['agent', 'analyst'] as const)('is not for an %s', async (role) => {
      const refused = await kefu().tenant().person(role).http.post('/v1/sessions', {});
      expectProblem(refused, 403, 'forbidden', 'role_may_not');
    });

    test('nobody opens a session in another visitor’s name', async () => {
      const visitor = kefu().tenant().person('visitor');
      expectProblem(await visitor.http.post('/v1/sessions', { visitor: { id: 'somebody-else' } }), 403, 'forbidden');
      expectProblem(await kefu().anyone.post('/v1/sessions', { visitor: { id: 'somebody' } }), 403, 'forbidden');
    });

    test('a token that is bound to a session opens no other', async () => {
      const { bound } = await kefu().tenant().opened();
      expectProblem(await bound.http.post('/v1/sessions', {}), 403, 'forbidden', 'bound_token');
    });
  });

  describe('opening with a clientId', () => {
    test.each([
      ['a UUID', () => randomId()],
      ['32 hexadecimal digits', () => randomId().replaceAll('-', '')],
      ['22 base64url characters', () => Buffer.from(randomId().replaceAll('-', ''), 'hex').toString('base64url')],
    ])('of 128 random bits (%s) gives an anonymous visitor the same session again', async (_form, make) => {
      const body = { clientId: make(), visitor: { name: 'Han Meimei' } };
      const first = await kefu().anyone.post<Opening>('/v1/sessions', body);
      const again = await kefu().anyone.post<Opening>('/v1/sessions', body);
      expect([first.status, again.status]).toEqual([201, 200]);
      expect(again.body).toEqual({ ...openingShape, session: first.body.session });
      expect(await viewOf(again.body)).toEqual(await viewOf(first.body));
    });

    test.each([
      'a1',
      'my-very-own-client-id-number-1',
      '1234567890123456789012345678901234567890',
      '0123456789abcdef0123456789abcdef',
      'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ',
      '00000000-0000-4000-8000-000000000000',
      '00112233-4455-1677-8899-aabbccddeeff',
    ])('that could be guessed (%s) gives an anonymous visitor a new session each time', async (clientId) => {
      const answers = [
        await kefu().anyone.post<Opening>('/v1/sessions', { clientId }),
        await kefu().anyone.post<Opening>('/v1/sessions', { clientId }),
      ];
      expect(answers.map(({ status }) => status)).toEqual([201, 201]);
      expect(new Set(answers.map(({ body }) => body.session)).size).toBe(2);
    });

    test('gives a known person the same session again, and another person another one', async () => {
      const tenant = kefu().tenant();
      const [platform, other] = [tenant.person('service'), tenant.person('service')];
      const body = { clientId: 'order-4711', visitor: { id: 'customer-7' } };
      const first = await platform.http.post<Opening>('/v1/sessions', body);
      const again = await platform.http.post<Opening>('/v1/sessions', body);
      const another = await other.http.post<Opening>('/v1/sessions', body);
      expect([first.status, again.status, another.status]).toEqual([201, 200, 201]);
      expect(again.body.session).toBe(first.body.session);
      expect(another.body.session).not.toBe(first.body.session);
    });

    test('says the same after the session has gone on', async () => {
      const tenant = kefu().tenant();
      const visitor = tenant.person('visitor');
      const body = { clientId: 'first' };
      const first = await visitor.http.post<Opening>('/v1/sessions', body);
      await visitor.http.post(`/v1/sessions/${first.body.session}/messages`, { clientId: 'm1', text: 'hello' });
      const again = await visitor.http.post<Opening>('/v1/sessions', body);
      expect(again.status).toBe(200);
      expect(again.body).toMatchObject({ session: first.body.session, seq: 1 });
    });

    test('and another body is refused', async () => {
      const clientId = randomId();
      await kefu().anyone.post('/v1/sessions', { clientId, locale: 'zh' });
      expectProblem(await kefu().anyone.post('/v1/sessions', { clientId, locale: 'en' }), 409, 'id_reused');
    });

    test('fifty times at once makes one session', async () => {
      const clientId = randomId();
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => kefu().anyone.post<Opening>('/v1/sessions', { clientId })),
      );
      expect(new Set(answers.map(({ body }) => body.session)).size).toBe(1);
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(49);
    });
  });
};
