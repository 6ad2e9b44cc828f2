import { describe, expect, test } from 'vitest';
import { PretendServer } from '../../../properties/client/pretend-server.ts';
import { VirtualAmbient } from '../../../properties/client/virtual-ambient.ts';
import { connectKefu } from '../../client/index.ts';
import { Conversation } from './conversation.ts';

/** The pretend server lets everyone speak as this person. */
const ME = { role: 'agent', id: 'alice' };

const open = async (after = 0, before: readonly string[] = []) => {
  const server = new PretendServer();
  for (const text of before) server.post('s', text);
  const ambient = new VirtualAmbient();
  const client = connectKefu({ url: 'https://kefu.test', token: 't', WebSocket: server.Socket, ambient });
  const conversation = new Conversation({ client, session: 's', me: ME, after, ambient });
  let changes = 0;
  conversation.subscribe(() => {
    changes += 1;
  });
  await ambient.pass(0);
  const shown = () => conversation.transcript.lines.map((line) => (line.kind === 'happening' ? line.kind : line.text));
  const outgoing = () => conversation.outgoing.map(({ text, state }) => `${text} ${state}`);
  return { server, ambient, conversation, shown, outgoing, changes: () => changes };
};

describe('what one writes', () => {
  test('is pending, then stands in the transcript, never both and never neither', async () => {
    const { server, ambient, conversation, shown, outgoing } = await open();
    const seen: string[] = [];
    conversation.subscribe(() => seen.push([...shown(), ...outgoing().map((each) => each.split(' ')[0])].join()));
    conversation.say('hello');
    expect(outgoing()).toEqual(['hello pending']);
    await ambient.pass(0);
    expect([shown(), outgoing()]).toEqual([['hello'], []]);
    expect(new Set(seen)).toEqual(new Set(['hello']));
    expect(server.events('s')).toHaveLength(1);
  });

  test('stays until its event has come, when the ack comes first', async () => {
    const { server, ambient, conversation, shown, outgoing } = await open();
    server.intercept = (frame, socket) => {
      if (frame.type !== 'say') return undefined;
      socket.give({ type: 'ack', id: frame.id, session: 's', seq: 1, at: 1, messageId: 'm1' });
      return 'swallow';
    };
    conversation.say('hello');
    await ambient.pass(0);
    expect([shown(), outgoing()]).toEqual([[], ['hello sent']]);
    server.post('s', 'hello');
    expect([shown(), outgoing()]).toEqual([['hello'], []]);
  });

  test('twice the same is there twice', async () => {
    const { ambient, conversation, shown, outgoing } = await open();
    conversation.say('hello');
    conversation.say('hello');
    await ambient.pass(0);
    expect([shown(), outgoing()]).toEqual([['hello', 'hello'], []]);
  });

  test('and refused is kept with the reason, and can be tried again', async () => {
    const { server, ambient, conversation, shown, outgoing } = await open();
    server.intercept = (frame, socket) => {
      if (frame.type !== 'say') return undefined;
      socket.give({ type: 'refused', id: frame.id, code: 'refused', reason: 'session_closed', message: 'closed' });
      return 'swallow';
    };
    conversation.say('hello');
    await ambient.pass(0);
    expect(outgoing()).toEqual(['hello failed']);
    expect(conversation.outgoing[0]?.error).toMatchObject({ reason: 'session_closed' });
    server.intercept = undefined;
    const [failed] = conversation.outgoing;
    if (failed !== undefined) conversation.retry(failed);
    await ambient.pass(0);
    expect([shown(), outgoing()]).toEqual([['hello'], []]);
  });
});

test('typing ends with the message, or by itself', async () => {
  const { server, ambient, conversation } = await open();
  const author = { role: 'agent', id: 'alice' };
  const typing = (on: boolean): void => server.socket.give({ type: 'typing', session: 's', on, author });
  typing(true);
  typing(true);
  expect(conversation.typing).toEqual([author]);
  server.post('s', 'done');
  expect(conversation.typing).toEqual([]);
  typing(true);
  await ambient.pass(5_999);
  expect(conversation.typing).toHaveLength(1);
  await ambient.pass(1);
  expect(conversation.typing).toEqual([]);
  typing(true);
  typing(false);
  expect(conversation.typing).toEqual([]);
});

test('the assistant’s words are shown as they come, until its message counts', async () => {
  const { server, conversation } = await open();
  for (const text of ['You ', 'can']) server.socket.give({ type: 'delta', session: 's', basedOn: 1, text });
  expect(conversation.delta).toBe('You can');
  server.socket.give({
    type: 'event',
    session: 's',
    seq: 1,
    at: 1,
    event: { type: 'MessagePosted', messageId: 'm', author: { role: 'assistant', id: 'assistant' }, text: 'You can.' },
  });
  expect(conversation.delta).toBe('');
});

test('older messages come page by page, until there are none', async () => {
  const { server, ambient, conversation, shown } = await open(2, ['one', 'two', 'three']);
  const author = { role: 'visitor', id: 'v' };
  expect(conversation.hasOlder).toBe(true);
  server.intercept = (frame, socket) => {
    if (frame.type !== 'history') return undefined;
    const seq = (frame.before ?? 0) - 1;
    const messages = [{ seq, messageId: `m${seq}`, author, text: `older ${seq}`, at: seq }];
    socket.give({ type: 'history', id: frame.id, session: 's', messages, next: seq === 1 ? null : seq });
    return 'swallow';
  };
  await Promise.all([conversation.loadOlder(), conversation.loadOlder(), ambient.pass(0)]);
  expect(server.socket.sentOf('history')).toHaveLength(1);
  expect(shown()[0]).toBe('older 2');
  await Promise.all([conversation.loadOlder(), ambient.pass(0)]);
  await conversation.loadOlder();
  expect(shown().slice(0, 2)).toEqual(['older 1', 'older 2']);
  expect(conversation.hasOlder).toBe(false);
});

test('a burst of events is announced once', async () => {
  const { server, ambient, changes } = await open();
  const before = changes();
  for (let count = 0; count < 100; count += 1) server.post('s', 'text');
  await ambient.pass(0);
  expect(changes() - before).toBe(1);
});
