/** Two real worker processes on one port: a socket may be given by the one to the other, and its client never knows. */
import { existsSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ServerFrame, ServerFrameOf } from '../../events/frames.ts';
import { SUBPROTOCOL } from '../../events/frames.ts';
import { buildDist } from '../../infra/build.mjs';
import { LoadSocket, textFrame } from '../bench/load/websocket.ts';
import { type Machine, startMachine } from '../chaos/machine.ts';
import { type Ground, natsAndRedis } from './grounds.ts';
import { randomId } from './kefu.ts';
import { claimsOf, signed } from './tokens.ts';

/** Enough that each of two workers is dealt sockets of sessions that the other serves. */
const VISITORS = 24;
const MESSAGES = 20;
const secret = `a key of ${randomId()}`;

let ground: Ground;
let machine: Machine;

beforeAll(async () => {
  if (!existsSync(fileURLToPath(new URL('../../dist/infra/cli/main.js', import.meta.url)))) await buildDist();
  ground = await natsAndRedis.lay();
  const { natsUrl = '', redisUrl = '' } = ground.config;
  const environment = { KEFU_SECRET: secret, KEFU_NATS_URL: natsUrl, KEFU_REDIS_URL: redisUrl };
  machine = await startMachine({ workers: 2, environment });
}, 120_000);

afterAll(async () => {
  await machine.stop();
  await ground.remove();
});

/** A socket on which frames are written as bytes, cut where the test wants. */
class RawClient {
  readonly frames: ServerFrame[] = [];
  #socket: LoadSocket | undefined;
  #look: () => void = () => undefined;
  #lost: (why: Error) => void = () => undefined;

  async enter(token: string): Promise<this> {
    this.#socket = await LoadSocket.open(
      { host: '127.0.0.1', port: machine.port, path: '/v1/socket', subprotocol: SUBPROTOCOL, token },
      {
        onFrame: (bytes, start, end) => {
          this.frames.push(JSON.parse(bytes.toString('utf8', start, end)) as ServerFrame);
          this.#look();
        },
        onClose: (code) => this.#lost(new Error(`the socket was closed with ${code}`)),
      },
    );
    return this;
  }

  send(bytes: Buffer): void {
    this.#socket?.send(bytes);
  }

  leave(): void {
    this.#socket?.destroy();
  }

  got<T extends ServerFrame['type']>(type: T): readonly ServerFrameOf<T>[] {
    return this.frames.filter((frame): frame is ServerFrameOf<T> => frame.type === type);
  }

  /** Resolves as soon as that is so. */
  until(isSo: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#lost = reject;
      this.#look = () => isSo() && resolve();
      this.#look();
    });
  }
}

const frame = (content: Readonly<Record<string, unknown>>): Buffer => textFrame(JSON.stringify(content));

const upTo = (last: number): readonly number[] => Array.from({ length: last }, (_, index) => index + 1);

/** Everything is sent at once with the first frame, and the connection is cut into reads in the middle of another. */
const talk = async (visitor: string): Promise<void> => {
  const token = signed(secret, claimsOf('visitor', visitor, 'default'));
  const first = await new RawClient().enter(token);
  first.send(frame({ type: 'open', id: 'open' }));
  await first.until(() => first.got('joined').length > 0);
  const session = first.got('ack')[0]?.session ?? '';
  first.send(frame({ type: 'do', id: 'people', session, command: { type: 'RequestHandoff' } }));
  await first.until(() => first.got('ack').length === 2);

  const second = await new RawClient().enter(token);
  const texts = upTo(MESSAGES).map((count) => `message ${count}`);
  const says = texts.map((text, index) => frame({ type: 'say', id: `say-${index}`, session, text }));
  const all = Buffer.concat([frame({ type: 'join', id: 'join', session, after: 0 }), ...says]);
  const cut = all.length - Math.floor((all.length * visitor.length) / 64);
  second.send(all.subarray(0, cut));
  await nextTurn();
  second.send(all.subarray(cut));

  const posted = (client: RawClient) => client.got('event').filter(({ event }) => event.type === 'MessagePosted');
  await second.until(() => second.got('ack').length >= MESSAGES && posted(second).length >= MESSAGES);
  await first.until(() => posted(first).length >= MESSAGES);
  expect(second.got('joined')).toHaveLength(1);
  expect(second.got('refused')).toEqual([]);
  expect(second.got('ack').map(({ id }) => id)).toEqual(texts.map((_, index) => `say-${index}`));
  for (const client of [first, second]) {
    const events = client.got('event');
    expect(events.map(({ seq }) => seq)).toEqual(upTo(events.length));
    expect(posted(client).map(({ event }) => 'text' in event && event.text)).toEqual(texts);
    client.leave();
  }
};

/** As one of the workers counts, whichever is asked. */
const given = async (): Promise<number> => {
  const answer = await fetch(`${machine.url}/metrics`, { headers: { connection: 'close' } });
  return Number(/^kefu_sockets_given_total (\d+)/m.exec(await answer.text())?.[1]);
};

test('whoever serves a socket: each frame is answered once, and facts come in order', { timeout: 60_000 }, async () => {
  // A worker may not have been told of its sibling yet, or have no shards.
  let sum = 0;
  for (let round = 0; sum === 0; round++) {
    await Promise.all(upTo(VISITORS).map((count) => talk(`${'visitor'.padEnd(count + 7, '-')}${round}`)));
    sum = (await given()) + (await given());
  }
  expect(sum).toBeGreaterThan(0);
});
