import { expect, test } from 'vitest';
import type { ServerFrame, SessionView } from '../../events/frames.ts';
import { PretendServer } from '../../properties/client/pretend-server.ts';
import { VirtualAmbient } from '../../properties/client/virtual-ambient.ts';
import { connectKefu } from './index.ts';

const view = (session: string, status: SessionView['status']): SessionView => ({
  session,
  status,
  assignee: null,
  visitor: { id: 'v' },
  seq: 3,
  openedAt: 1,
  activeAt: 2,
  unanswered: 1,
  lastMessage: null,
});

const watched = async () => {
  const server = new PretendServer();
  const ambient = new VirtualAmbient();
  const kefu = connectKefu({ url: 'https://kefu.test', token: 't', WebSocket: server.Socket, ambient });
  const heard: string[] = [];
  server.intercept = (frame, socket) => {
    if (frame.type === 'watch') socket.give({ type: 'inbox', id: frame.id, ...view('s1', 'queued') });
    return undefined;
  };
  const watch = kefu.watch(
    { status: 'queued' },
    {
      onSession: (each) => heard.push(`${each.session} ${each.status} ${Object.keys(each)[0]}`),
      onBegin: () => heard.push('begin'),
      onWatching: () => heard.push('watching'),
      onRefused: ({ code }) => heard.push(code),
    },
  );
  await ambient.pass(0);
  return { server, ambient, heard, watch };
};

test('a watch gives what matches already, then every change', async () => {
  const { server, heard } = await watched();
  const id = server.socket.sentOf('watch')[0]?.id ?? '';
  expect(server.socket.sentOf('watch')[0]).toMatchObject({ status: 'queued' });
  server.socket.give({ type: 'inbox', id, ...view('s1', 'assigned') });
  server.socket.give({ type: 'inbox', id: 'another', ...view('s9', 'queued') });
  expect(heard).toEqual(['begin', 's1 queued session', 'watching', 's1 assigned session']);
});

test('a watch begins anew after a reconnect, and says so', async () => {
  const { server, ambient, heard } = await watched();
  server.socket.end(1012);
  await ambient.pass(2_000);
  expect(heard).toEqual(['begin', 's1 queued session', 'watching', 'begin', 's1 queued session', 'watching']);
});

test('a stopped watch is over', async () => {
  const { server, ambient, watch } = await watched();
  watch.stop();
  expect(server.socket.sentOf('unwatch')).toHaveLength(1);
  server.socket.end(1012);
  await ambient.pass(2_000);
  expect(server.socket.sentOf('watch')).toEqual([]);
});

test('a watch that is refused is told once; one that is unavailable is asked again', async () => {
  const { server, ambient, heard } = await watched();
  const codes = ['unavailable', 'unavailable', 'forbidden'];
  server.intercept = (frame, socket) => {
    if (frame.type !== 'watch') return undefined;
    const refused: ServerFrame = { type: 'refused', id: frame.id, code: codes.shift() ?? 'none', message: '' };
    socket.give(refused);
    return 'swallow';
  };
  server.socket.end(1012);
  await ambient.pass(60_000);
  expect(heard.filter((each) => each !== 'begin')).toEqual(['s1 queued session', 'watching', 'forbidden']);
});
