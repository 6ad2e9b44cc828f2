/** History and facts hold at least everything that was acknowledged before they were asked for. */
import { describe, expect, test } from 'vitest';
import type { SessionView } from '../../../events/frames.ts';
import { type Kefu, type Person, said } from '../kefu.ts';

const TURNS = 200;

interface Answered {
  readonly seq?: number;
  readonly messages?: readonly { readonly seq: number }[];
  readonly events?: readonly { readonly seq: number }[];
}

export const ownWriteLaws = (kefu: () => Kefu): void => {
  describe('right after the ack', () => {
    test(`history and facts have the message, ${TURNS} times in a row`, async () => {
      const tenant = kefu().tenant();
      const agent = tenant.person('agent');
      const { session, path } = await tenant.assigned(agent);
      const socket = await agent.socket();
      for (let turn = 0; turn < TURNS; turn++) {
        const { seq, messageId } = await socket.expect('ack', { type: 'say', session, text: `turn ${turn}` });
        const latest = await socket.expect('history', { type: 'history', session, limit: 1 });
        expect(latest.messages[0]?.messageId).toBe(messageId);
        const place = ['/messages', '/events', ''][turn % 3] ?? '';
        const { body } = await agent.http.get<Answered>(path(`${place}?after=${seq - 1}`));
        expect(body.seq ?? (body.messages ?? body.events)?.[0]?.seq).toBe(seq);
      }
    });
  });
};

/** What the server that acknowledged lists at once; another may take a moment. */
export const ownInboxLaws = (kefu: () => Kefu): void => {
  describe('the inbox, right after the ack,', () => {
    const newest = async ({ http }: Person): Promise<SessionView | undefined> =>
      (await http.get<{ sessions: SessionView[] }>('/v1/sessions?limit=1')).body.sessions[0];

    test('has a session that was just opened', async () => {
      const tenant = kefu().tenant();
      const agent = tenant.person('agent');
      for (let turn = 0; turn < 10; turn++) {
        const { session, bound, path } = await tenant.opened();
        expect((await bound.http.get(path())).status).toBe(200);
        expect(await newest(agent)).toMatchObject({ session });
      }
    });

    test('shows activity', async () => {
      const tenant = kefu().tenant();
      const agent = tenant.person('agent');
      const opened = await tenant.queued();
      await tenant.queued();
      for (let turn = 1; turn <= 10; turn++) {
        await said(opened.visitor, opened, `turn ${turn}`);
        expect(await newest(agent)).toMatchObject({ session: opened.session, unanswered: turn });
      }
    });
  });
};
