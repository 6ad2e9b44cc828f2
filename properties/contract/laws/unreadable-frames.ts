/** Frames that break a rule: refused with the id where there is one, and the socket goes on. */
import { describe, expect, test } from 'vitest';
import { FRAME_BYTES_MAX } from '../../../events/limits.ts';
import { type Kefu, randomId } from '../kefu.ts';
import { anyText } from '../shapes.ts';

/** Stands in every wrong value, so that an echo of it is found. */
const MARK = 'zebra';

export const unreadableFrameLaws = (kefu: () => Kefu): void => {
  describe('a frame', () => {
    test.each([
      ['that is not JSON', `{"type":"say","text":"${MARK}`],
      ['that is empty', ''],
      ['that is a list', `["${MARK}"]`],
      ['that is a text', `"${MARK}"`],
      ['that is a number', '42'],
      ['that is null', 'null'],
      ['that is an empty object', '{}'],
      ['without a known type', `{"type":"${MARK}"}`],
      ['with the name of a property that every object has', '{"type":"constructor"}'],
      ['with a type that is no text', `{"type":["${MARK}"]}`],
      ['with an id that is no text', `{"type":"join","id":{"a":"${MARK}"},"session":"s1"}`],
      ['without an id where one is needed', '{"type":"join","session":"s1"}'],
    ])('%s is refused without an id', async (_what, text) => {
      const socket = await kefu().tenant().person('visitor').socket();
      socket.sendRaw(text);
      const refused = await socket.next('refused');
      expect(refused).toEqual({ type: 'refused', id: null, code: 'invalid', message: anyText });
      expect(refused.message).toMatch(/^(frame|type|id): expected \S/);
      expect(refused.message).not.toContain(MARK);
      await socket.ping();
    });

    test('that is binary is refused without an id', async () => {
      const socket = await kefu().tenant().person('visitor').socket();
      socket.sendRaw(Buffer.from('{"type":"ping"}'));
      expect(await socket.next('refused')).toMatchObject({ id: null, code: 'invalid' });
      await socket.ping();
      expect(socket.got('pong')).toHaveLength(1);
    });

    const session = 's1';
    test.each([
      ['type', { type: MARK }],
      ['session', { type: 'join' }],
      ['session', { type: 'join', session: `${MARK} crossing` }],
      ['session', { type: 'leave', session: 7 }],
      ['after', { type: 'join', session, after: -1 }],
      ['after', { type: 'join', session, after: MARK }],
      ['text', { type: 'say', session }],
      ['text', { type: 'say', session, text: '' }],
      ['text', { type: 'say', session, text: { MARK } }],
      ['text', { type: 'say', session, text: `${MARK}\ud800` }],
      ['text', { type: 'say', session, text: `\udc00${MARK}` }],
      ['text', { type: 'say', session, text: MARK.repeat(1_601) }],
      ['command', { type: 'do', session }],
      ['command', { type: 'do', session, command: MARK }],
      ['command.type', { type: 'do', session, command: { type: MARK } }],
      ['command.type', { type: 'do', session, command: { type: 'OpenSession' } }],
      ['command.score', { type: 'do', session, command: { type: 'RateSession', score: 9 } }],
      ['command.to', { type: 'do', session, command: { type: 'TransferSession', to: `${MARK}\ud800` } }],
      ['status', { type: 'watch', status: MARK }],
      ['limit', { type: 'watch', limit: 0 }],
      ['limit', { type: 'history', session, limit: 201 }],
      ['before', { type: 'history', session, before: 0 }],
      ['visitor', { type: 'open', visitor: MARK }],
      ['visitor.name', { type: 'open', visitor: { name: 7 } }],
      ['metadata', { type: 'open', metadata: MARK }],
      ['metadata', { type: 'open', metadata: { text: `${MARK}\ud800` } }],
    ])('that breaks a rule at %s is refused with its id and told where', async (place, frame) => {
      const socket = await kefu().tenant().person('agent').socket();
      const refused = await socket.ask({ id: 'a1', ...frame });
      expect(refused).toEqual({ type: 'refused', id: 'a1', code: 'invalid', message: anyText });
      const { message } = refused as { message: string };
      expect(message).toMatch(new RegExp(`^${place.replace('.', '\\.')}: expected [^;]+$`));
      expect(message).not.toContain(MARK);
      await socket.ping();
    });

    test('asking for history in both directions at once is refused', async () => {
      const { session: own, visitor } = await kefu().tenant().opened();
      const socket = await visitor.socket();
      const refused = await socket.ask({ type: 'history', session: own, before: 5, after: 1 });
      expect(refused).toMatchObject({ type: 'refused', code: 'invalid' });
    });

    test('with keys that this version does not know is taken', async () => {
      const { session: own, visitor } = await kefu().tenant().queued();
      const socket = await visitor.socket();
      expect(await socket.ask({ type: 'say', session: own, text: 'hello', colour: 'blue' })).toMatchObject({
        type: 'ack',
      });
    });

    test('with `type` last is taken', async () => {
      const { session: own, visitor } = await kefu().tenant().queued();
      const socket = await visitor.socket();
      expect(await socket.ask({ text: 'hello', session: own, id: randomId(), type: 'say' })).toMatchObject({
        type: 'ack',
      });
    });

    test('of 64 KiB is read, and one byte more closes the socket with 1009', async () => {
      const frame = (bytes: number): string => {
        const start = '{"type":"ping","padding":"';
        return `${start}${'x'.repeat(bytes - start.length - 2)}"}`;
      };
      const socket = await kefu().tenant().person('visitor').socket();
      socket.sendRaw(frame(FRAME_BYTES_MAX));
      await socket.next('pong');
      socket.sendRaw(frame(FRAME_BYTES_MAX + 1));
      expect(await socket.closed).toMatchObject({ code: 1009 });
    });

    test('that is not UTF-8 closes the socket with 1007, as RFC 6455 has it', async () => {
      const socket = await kefu().tenant().person('visitor').socket();
      socket.sendText(Buffer.from([0x22, 0xff, 0xfe, 0x22]));
      expect(await socket.closed).toMatchObject({ code: 1007 });
    });
  });
};
