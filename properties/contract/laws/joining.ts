/** `join`: everything after a seq, then live, in order and without a gap. */
import { describe, expect, test } from 'vitest';
import { type Kefu, said } from '../kefu.ts';

const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

export const joiningLaws = (kefu: () => Kefu): void => {
  /** A session of 8 facts. */
  const grown = async () => {
    const tenant = kefu().tenant();
    const opened = await tenant.queued();
    for (let seq = 3; seq <= 8; seq++) await said(opened.visitor, opened, `fact ${seq}`);
    return opened;
  };

  describe('joining', () => {
    test.each([
      ['after 0', { after: 0 }, 1],
      ['without `after`', {}, 1],
      ['after 5', { after: 5 }, 6],
      ['after the head', { after: 8 }, 9],
    ])('%s gives everything behind it, then what comes', async (_where, where, from) => {
      const opened = await grown();
      const { session, visitor } = opened;
      const socket = await visitor.socket();
      const joined = await socket.expect('joined', { type: 'join', id: 'a2', session, ...where });
      expect(joined).toEqual({ type: 'joined', id: 'a2', session, seq: 8, status: 'queued', recovered: true, from });
      await said(visitor, opened, 'live');
      expect((await socket.events(session, 9)).map(({ seq }) => seq)).toEqual(range(from, 9));
      expect(socket.frames[0]).toMatchObject({ type: 'joined' });
    });

    test('beyond the head is not recovered, and starts from the seq it names', async () => {
      const opened = await grown();
      const { session, visitor } = opened;
      const socket = await visitor.socket();
      const joined = await socket.expect('joined', { type: 'join', session, after: 9 });
      expect(joined).toMatchObject({ seq: 8, recovered: false, from: 1 });
      expect((await socket.events(session, 8)).map(({ seq }) => seq)).toEqual(range(1, 8));
    });

    test('a session that others write into all the while leaves no gap and says nothing twice', async () => {
      const { session, visitor } = await grown();
      const speaker = await visitor.socket();
      const saying = Promise.all(
        range(9, 308).map((seq) => speaker.expect('ack', { type: 'say', session, text: `fact ${seq}` })),
      );
      const listeners = await Promise.all(range(1, 5).map(() => visitor.socket()));
      for (const [index, listener] of listeners.entries())
        await listener.expect('joined', { type: 'join', session, after: index });
      await saying;
      for (const [index, listener] of listeners.entries())
        expect((await listener.events(session, 308)).map(({ seq }) => seq)).toEqual(range(index + 1, 308));
    });

    test('again on the same socket starts anew from where it says', async () => {
      const { session, visitor } = await grown();
      const socket = await visitor.socket();
      await socket.expect('joined', { type: 'join', session, after: 6 });
      await socket.event(session, 8);
      await socket.expect('joined', { type: 'join', session, after: 7 });
      expect((await socket.event(session, 8)).seq).toBe(8);
      expect(socket.got('event').map(({ seq }) => seq)).toEqual([7, 8, 8]);
    });

    test('a session that is not there is refused', async () => {
      const socket = await kefu().tenant().person('agent').socket();
      const refused = await socket.ask({ type: 'join', id: 'a2', session: 'nowhere' });
      expect(refused).toMatchObject({ type: 'refused', id: 'a2', code: 'not_found' });
    });

    test('tells the status at that moment', async () => {
      const tenant = kefu().tenant();
      const agent = tenant.person('agent');
      for (const [make, status] of [
        [() => tenant.opened(), 'assistant'],
        [() => tenant.queued(), 'queued'],
        [() => tenant.assigned(agent), 'assigned'],
      ] as const) {
        const { session } = await make();
        const socket = await agent.socket();
        expect(await socket.expect('joined', { type: 'join', session })).toMatchObject({ status });
      }
    });
  });
};
