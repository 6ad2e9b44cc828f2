import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FrameReader } from './frame-reader.ts';
import { opcodes } from './protocol.ts';

const BYTES_MAX = 1_000;

interface Sent {
  readonly opcode: number;
  readonly isFinal?: boolean;
  readonly payload?: Uint8Array;
  readonly reserved?: number;
  readonly isMasked?: boolean;
}

/** A client's frame (RFC 6455, section 5.2), with whatever is wrong about it. */
const frame = ({ opcode, isFinal = true, payload = Buffer.alloc(0), reserved = 0, isMasked = true }: Sent): Buffer => {
  const { length } = payload;
  const head = [(isFinal ? 0x80 : 0) | reserved | opcode];
  const bit = isMasked ? 0x80 : 0;
  if (length < 126) head.push(bit | length);
  else if (length < 0x1_0000) head.push(bit | 126, length >> 8, length & 0xff);
  else head.push(bit | 127, 0, 0, 0, 0, 0, (length >> 16) & 0xff, (length >> 8) & 0xff, length & 0xff);
  if (!isMasked) return Buffer.concat([Buffer.from(head), payload]);
  const key = [0x5a, 0, 0xff, 0x17];
  return Buffer.concat([Buffer.from(head), Buffer.from(key), payload.map((byte, at) => byte ^ (key[at % 4] ?? 0))]);
};

const text = (value: string, rest: Partial<Sent> = {}): Buffer =>
  frame({ opcode: opcodes.text, payload: Buffer.from(value), ...rest });

/** What a reader makes of chunks that come in the same buffer one after the other, as one line for each event. */
const read = (chunks: readonly Buffer[]): readonly string[] => {
  const heard: string[] = [];
  const reader = new FrameReader(BYTES_MAX, {
    text: (value) => heard.push(`text ${value}`),
    binary: () => heard.push('binary'),
    ping: (payload) => heard.push(`ping ${payload.toString()}`),
    pong: () => heard.push('pong'),
    close: (code) => heard.push(`close ${code}`),
    broken: (code) => heard.push(`broken ${code}`),
  });
  const shared = Buffer.alloc(Math.max(0, ...chunks.map(({ length }) => length)));
  for (const chunk of chunks) {
    chunk.copy(shared);
    reader.push(shared, chunk.length);
    shared.fill(0xee);
  }
  return heard;
};

describe('what a client sends', () => {
  test('is heard alike however the bytes are cut', () => {
    const one = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 300 }).map((value) => ({
        bytes: Buffer.byteLength(value) <= BYTES_MAX ? text(value) : text(''),
        says: `text ${Buffer.byteLength(value) <= BYTES_MAX ? value : ''}`,
      })),
      fc.string({ maxLength: 20 }).map((value) => {
        const bytes = Buffer.from(value);
        const parts = [bytes.subarray(0, 3), bytes.subarray(3, 5), bytes.subarray(5)];
        const frames = parts.map((payload, index) =>
          frame({ opcode: index === 0 ? opcodes.text : opcodes.continuation, isFinal: index === 2, payload }),
        );
        return { bytes: Buffer.concat(frames), says: `text ${value}` };
      }),
      fc.constant({ bytes: frame({ opcode: opcodes.ping, payload: Buffer.from('hi') }), says: 'ping hi' }),
      fc.constant({ bytes: frame({ opcode: opcodes.pong }), says: 'pong' }),
      fc.constant({ bytes: frame({ opcode: opcodes.binary, payload: Buffer.alloc(200) }), says: 'binary' }),
    );
    fc.assert(
      fc.property(fc.array(one, { maxLength: 8 }), fc.array(fc.nat(400), { maxLength: 30 }), (sent, cuts) => {
        const bytes = Buffer.concat(sent.map((each) => each.bytes));
        const chunks: Buffer[] = [];
        let from = 0;
        for (const cut of [...cuts, bytes.length]) {
          chunks.push(bytes.subarray(from, from + cut));
          from += cut;
        }
        expect(read(chunks)).toEqual(sent.map(({ says }) => says));
      }),
      { numRuns: 500 },
    );
  });

  test('a ping between the parts of a message is heard between them', () => {
    const parts = [
      text('退', { isFinal: false }),
      frame({ opcode: opcodes.ping, payload: Buffer.from('?') }),
      frame({ opcode: opcodes.continuation, payload: Buffer.from('货') }),
    ];
    expect(read(parts)).toEqual(['ping ?', 'text 退货']);
  });

  test('the character that stands for wrong bytes may be sent', () => {
    expect(read([text('a\ufffdb')])).toEqual(['text a\ufffdb']);
  });

  test('a character may be cut between two parts', () => {
    const bytes = Buffer.from('货');
    const parts = [
      frame({ opcode: opcodes.text, isFinal: false, payload: bytes.subarray(0, 1) }),
      frame({ opcode: opcodes.continuation, payload: bytes.subarray(1) }),
    ];
    expect(read(parts)).toEqual(['text 货']);
  });

  test.each([
    ['without a mask', text('x', { isMasked: false }), 1002],
    ['with a reserved bit', text('x', { reserved: 0x40 }), 1002],
    ['with an unknown opcode', frame({ opcode: 3 }), 1002],
    ['with an unknown control opcode', frame({ opcode: 11 }), 1002],
    ['that continues nothing', frame({ opcode: opcodes.continuation }), 1002],
    ['in the middle of another message', Buffer.concat([text('a', { isFinal: false }), text('b')]), 1002],
    ['that is a fragmented ping', frame({ opcode: opcodes.ping, isFinal: false }), 1002],
    ['that is a ping too long', frame({ opcode: opcodes.ping, payload: Buffer.alloc(126) }), 1002],
    ['that closes with half a code', frame({ opcode: opcodes.close, payload: Buffer.from([3]) }), 1002],
    [
      'that closes with a code nobody may send',
      frame({ opcode: opcodes.close, payload: Buffer.from([3, 0xed]) }),
      1002,
    ],
    ['that closes with a reason not in UTF-8', frame({ opcode: 8, payload: Buffer.from([3, 0xe8, 0xff]) }), 1007],
    ['that is a text not in UTF-8', frame({ opcode: opcodes.text, payload: Buffer.from([0xff]) }), 1007],
    ['that is too large', frame({ opcode: opcodes.text, payload: Buffer.alloc(BYTES_MAX + 1) }), 1009],
    ['that says it is too large, before its bytes come', Buffer.from([0x81, 0xff, 0, 1, 0, 0, 0, 0, 0, 0]), 1009],
  ])('a frame %s is the last', (_what, bytes, code) => {
    expect(read([bytes, text('never heard')])).toEqual([`broken ${code}`]);
  });

  test('parts that are too large together are too many', () => {
    const half = { isFinal: false, payload: Buffer.alloc(BYTES_MAX / 2) };
    const parts = [
      frame({ opcode: opcodes.text, ...half }),
      frame({ opcode: opcodes.continuation, ...half }),
      frame({ opcode: opcodes.continuation, payload: Buffer.alloc(1) }),
    ];
    expect(read(parts)).toEqual(['broken 1009']);
  });

  test('empty parts without end are too many', () => {
    const empty = frame({ opcode: opcodes.continuation, isFinal: false });
    expect(read([text('', { isFinal: false }), ...Array.from({ length: 2_000 }, () => empty)])).toEqual([
      'broken 1002',
    ]);
  });

  test('behind a close frame nothing is heard', () => {
    const closes = frame({ opcode: opcodes.close, payload: Buffer.from([3, 0xe8]) });
    expect(read([closes, text('too late')])).toEqual(['close 1000']);
    expect(read([frame({ opcode: opcodes.close })])).toEqual(['close undefined']);
  });

  test('what another reader is to go on with is left as it came', () => {
    const behind = [text('second'), text('third')];
    const all = Buffer.concat([text('first'), ...behind]);
    const cut = all.length - 5;
    const heard: string[] = [];
    const nothing = () => undefined;
    const reader: FrameReader = new FrameReader(BYTES_MAX, {
      text: (value) => {
        heard.push(value);
        reader.end();
      },
      binary: nothing,
      ping: nothing,
      pong: nothing,
      close: nothing,
      broken: nothing,
    });
    reader.push(Buffer.from(all.subarray(0, cut)));
    expect(heard).toEqual(['first']);
    expect(read([reader.rest, all.subarray(cut)])).toEqual(['text second', 'text third']);
  });
});
