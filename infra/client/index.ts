/**
 * The client SDK of Kefu, for browsers and Node.
 *
 * @example
 * const { session, token } = await openAnonymously({ url: 'https://chat.example.com' });
 * const kefu = connectKefu({ url: 'https://chat.example.com', token });
 * const chat = kefu.join(session, { onEvent: ({ seq, event }) => console.log(seq, event) });
 * await chat.say('hello');
 */
export { type Ambient, realAmbient } from './ambient.ts';
export { type AnonymousSession, type OpenAnonymouslyOptions, openAnonymously } from './anonymous.ts';
export { connectKefu } from './client.ts';
export type { ConnectionState } from './connection.ts';
export { KefuOutboxFull, KefuRefusal, KefuStopped, type StopWhy } from './errors.ts';
export type { Delta, Joined, SessionListener, Typing } from './joined-session.ts';
export type { ConnectOptions, JoinOptions, KefuClient, OpenOptions, StateListener } from './kefu-client.ts';
export type { SessionEvent, SessionFact } from './session-event.ts';
export type { Ack, HistoryPage, HistoryQuery, SessionHandle } from './session-handle.ts';
export { closeCodes, type SocketConstructor, type SocketLike } from './socket.ts';
export type { Token } from './token-source.ts';
export type { WatchListener, WatchQuery } from './watch.ts';
