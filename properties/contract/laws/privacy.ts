/** What people write, and what proves who they are, never reaches a log. */
import { describe, expect, test } from 'vitest';
import { type Kefu, randomId } from '../kefu.ts';

export const privacyLaws = (kefu: () => Kefu): void => {
  describe('the log of the process', () => {
    test('holds no word of what is said, well-formed or not, and no token', async () => {
      const mark = `secret-${randomId()}`;
      const opened = await kefu().tenant().queued();
      const { path, visitor, session } = opened;
      const socket = await visitor.socket();
      await socket.expect('joined', { type: 'join', session });
      await socket.ask({ type: 'say', session, text: mark });
      await socket.ask({ type: 'say', session, text: { mark } });
      socket.sendRaw(`{"type":"say","text":"${mark}`);
      await socket.next('refused', ({ id }) => id === null);
      await visitor.http.post(path('/messages'), { clientId: 'm1', text: mark });
      await visitor.http.post(path('/messages'), { clientId: 'm1', text: `${mark}, again` });
      await visitor.http.post(path('/messages'), `{"text":"${mark}`);
      await visitor.http.get(`/v1/sessions?cursor=${mark}`);
      await kefu().anyone.get('/v1/sessions', { authorization: `Bearer ${mark}` });
      const logged = kefu().logged.join('');
      for (const secret of [mark, visitor.token, kefu().secret]) expect(logged).not.toContain(secret);
    });

    test('has no error in it after all that was asked of the server', () => {
      const errors = kefu().logged.filter((line) => (JSON.parse(line) as { level: number }).level >= 50);
      expect(errors).toEqual([]);
      expect(kefu().warnings).toEqual([]);
    });
  });
};
