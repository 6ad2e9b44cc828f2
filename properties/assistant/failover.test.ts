/** A process dies, or loses the session, while the model writes: one answer or one hand-over, never both, never none. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ServerFrame } from '../../events/frames.ts';
import { endRuns, kefu, type Run } from '../contract/command-line.ts';
import { type Backend, embedded, type Ground, natsAndRedis } from '../contract/grounds.ts';
import { HttpClient } from '../contract/http-client.ts';
import { randomId } from '../contract/kefu.ts';
import { connect, type SocketClient } from '../contract/socket-client.ts';
import { claimsOf, signed } from '../contract/tokens.ts';
import { saying } from '../model-server/behaviours.ts';
import { ModelServer, type Turn } from '../model-server/model-server.ts';

const secret = 'a secret that is long enough for HS256 tokens';
const QUESTION = 'Do you deliver to the moon?';

interface Up extends Run {
  readonly url: string;
  /** The name under which this process asks the model. */
  readonly name: string;
}

let ground: Ground;
let model: ModelServer;

const lay = async (backend: Backend): Promise<void> => {
  ground = await backend.lay();
};
const start = async (name: string): Promise<Up> => {
  const run = kefu(['serve'], {
    KEFU_PORT: '0',
    KEFU_SECRET: secret,
    KEFU_LLM_URL: model.url,
    KEFU_LLM_MODEL: name,
    KEFU_LLM_BUDGET_MS: '8000',
    ...ground.environment,
  });
  const { url } = await run.ready();
  return { ...run, url, name };
};

beforeEach(async () => {
  model = await ModelServer.start();
});
afterEach(async () => {
  endRuns();
  await model.stop();
  await ground.remove();
});

const visitorToken = signed(secret, claimsOf('visitor', 'vera', 'default'));
const agentToken = signed(secret, claimsOf('agent', 'alice', 'default'));

const ask = async (url: string): Promise<{ readonly socket: SocketClient; readonly session: string }> => {
  const socket = await connect(url, visitorToken);
  const { session } = await socket.expect('ack', { type: 'open', id: randomId() });
  await socket.expect('ack', { type: 'say', session, text: QUESTION });
  return { socket, session };
};

type Event = Readonly<Record<string, unknown>> & { readonly type: string };
const isWord = (event: Event): boolean =>
  event.type === 'HandoffRequested' ||
  (event.type === 'MessagePosted' && (event['author'] as { role: string }).role === 'assistant');

/** What the assistant came to, once there is something; and all facts then. */
const wordsIn = async (url: string, session: string): Promise<readonly Event[]> => {
  const socket = await connect(url, agentToken);
  await socket.expect('joined', { type: 'join', session, after: 0 });
  await socket.next('event', ({ event }) => isWord(event));
  socket.close();
  const { body } = await new HttpClient(url, agentToken).get<{ events: Event[] }>(`/v1/sessions/${session}/events`);
  return body.events.filter(isWord);
};

describe('while the model writes', () => {
  test('Kefu is killed, and answers once when it is back', async () => {
    await lay(embedded);
    const first = await start('one');
    model.behaviour = (turn) => turn.say('We del');
    const { socket, session } = await ask(first.url);
    await socket.next('delta');
    first.signal('SIGKILL');
    await first.exited;
    await model.isLeftAlone();
    model.behaviour = saying('Back again.');
    const second = await start('two');
    expect(await wordsIn(second.url, session)).toMatchObject([{ type: 'MessagePosted', text: 'Back again.' }]);
    expect(model.asked.map(({ body }) => body.model)).toEqual(['one', 'two']);
  });

  test('Kefu is told to stop, leaves the model alone at once, and answers once when it is back', async () => {
    await lay(embedded);
    const first = await start('one');
    model.behaviour = (turn) => turn.say('We del');
    const { socket, session } = await ask(first.url);
    await socket.next('delta');
    first.signal('SIGTERM');
    expect(await first.exited).toBe(0);
    await model.isLeftAlone();
    model.behaviour = saying('Back again.');
    const second = await start('two');
    expect(await wordsIn(second.url, session)).toMatchObject([{ type: 'MessagePosted', text: 'Back again.' }]);
  });

  test.each(['SIGKILL', 'SIGTERM', 'SIGSTOP'] as const)(
    'the process that serves the session gets %s, and another answers once',
    async (signal) => {
      await lay(natsAndRedis);
      const both = [await start('one'), await start('two')];
      const turns: Turn[] = [];
      model.behaviour = (turn) => {
        turns.push(turn);
        turn.say('We del');
      };
      const [asked, other] = [await ask(both[0]?.url ?? ''), await connect(both[1]?.url ?? '', visitorToken)];
      const { session, socket } = asked;
      await other.expect('joined', { type: 'join', session, after: 0 });
      await socket.next('delta');
      // What comes from now on is seen at the other process as well, whichever of the two it comes from.
      const [first] = turns;
      first?.say('iver everywhere');
      await other.next('delta', ({ text }: ServerFrame & { text: string }) => text.includes('everywhere'));
      const owner = both.find(({ name }) => name === first?.asked.body.model);
      const heir = both.find((each) => each !== owner);
      model.behaviour = saying('From the other one.');
      owner?.signal(signal);
      const words = await wordsIn(heir?.url ?? '', session);
      expect(words).toMatchObject([{ type: 'MessagePosted', text: 'From the other one.' }]);
      // Awake again, one that was only paused goes on with its own answer, which comes too late.
      owner?.signal('SIGCONT');
      first?.say(', of course.');
      first?.finish();
      await first?.closed;
      expect(await wordsIn(heir?.url ?? '', session)).toHaveLength(1);
      if (signal !== 'SIGSTOP') return;
      // By then it has taken in what it had missed.
      const back = await connect(owner?.url ?? '', visitorToken);
      await back.expect('joined', { type: 'join', session, after: 0 });
      await back.expect('ack', { type: 'do', session, command: { type: 'MarkRead', upTo: 4 } });
      await back.event(session, 5);
      const spoken = back.got('event').filter(({ event }) => isWord(event));
      if (spoken.length !== 1) throw new Error(`${spoken.length} answers`);
    },
    60_000,
  );
});
