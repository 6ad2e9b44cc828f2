/** Real redis-server processes that never evict, with an append-only file when asked. */
import { mkdir } from 'node:fs/promises';
import { redisServer } from './binaries.ts';
import { startChild } from './child.ts';
import { answers, untilReady } from './ready.ts';
import { type Server, type ServerOptions, startServer } from './server.ts';

export type RedisServer = Server;

export interface RedisOptions extends ServerOptions {
  /** What survives a restart: nothing unless told. `always` syncs before each answer. */
  readonly appendOnly?: 'no' | 'everysec' | 'always';
  /** Further command-line arguments, such as `['--maxmemory', '64mb']`. */
  readonly args?: readonly string[];
}

/** While it loads its file the server answers `-LOADING`, which is not ready. */
const answersPing = (port: number): Promise<boolean> =>
  answers(port, 'PING\r\n', (answer) => answer.startsWith('+PONG'));

export const startRedis = async (options: RedisOptions = {}): Promise<RedisServer> => {
  const { path } = await redisServer();
  const appendOnly = options.appendOnly ?? 'no';
  return startServer('redis', options, async (place) => {
    await mkdir(place.storeDir, { recursive: true });
    const child = startChild(path, [
      ...Object.entries({
        bind: '127.0.0.1',
        port: String(place.port),
        dir: place.storeDir,
        save: '',
        'maxmemory-policy': 'noeviction',
        appendonly: appendOnly === 'no' ? 'no' : 'yes',
        appendfsync: appendOnly === 'no' ? 'everysec' : appendOnly,
      }).flatMap(([name, value]) => [`--${name}`, value]),
      ...(options.args ?? []),
    ]);
    await untilReady('redis-server', child, () => answersPing(place.port));
    return child;
  });
};
