/** Real nats-server processes with JetStream on, alone or as a cluster. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { natsServer } from './binaries.ts';
import { type Child, startChild } from './child.ts';
import { freePort } from './free-port.ts';
import { answers, untilReady } from './ready.ts';
import { type Place, type Server, type ServerOptions, startServer } from './server.ts';

export type NatsServer = Server;

export interface NatsClusterMember {
  readonly name: string;
  readonly port: number;
  /** The cluster ports of all members. */
  readonly routePorts: readonly number[];
}

export interface NatsOptions extends ServerOptions {
  readonly serverName?: string;
  /** Lines added to the `jetstream` block, such as `sync_interval: always`. */
  readonly jetstream?: readonly string[];
  /** Lines added at the top level, such as `max_payload: 1MB`. */
  readonly config?: readonly string[];
  readonly cluster?: NatsClusterMember;
  /** Set for the server's process, beside what this one has. */
  readonly environment?: Readonly<Record<string, string>>;
}

const clusterBlock = (cluster: NatsClusterMember): readonly string[] => [
  'cluster {',
  `  name: ${cluster.name}`,
  `  listen: "127.0.0.1:${cluster.port}"`,
  '  no_advertise: true',
  `  routes: [${cluster.routePorts.map((port) => `"nats://127.0.0.1:${port}"`).join(', ')}]`,
  '}',
];

const configuration = (place: Place, options: NatsOptions): string =>
  [
    `listen: "127.0.0.1:${place.port}"`,
    `server_name: ${options.serverName ?? `kefu-${place.port}`}`,
    'jetstream {',
    `  store_dir: ${JSON.stringify(place.storeDir)}`,
    ...(options.jetstream ?? []).map((line) => `  ${line}`),
    '}',
    ...(options.cluster === undefined ? [] : clusterBlock(options.cluster)),
    ...(options.config ?? []),
    '',
  ].join('\n');

/** The server greets with INFO, and listens only after JetStream has recovered its store. */
const greets = (port: number): Promise<boolean> => answers(port, '', (answer) => answer.startsWith('INFO '));

export const startNats = async (options: NatsOptions = {}): Promise<NatsServer> => {
  const { path } = await natsServer();
  return startServer('nats', options, async (place): Promise<Child> => {
    await mkdir(place.storeDir, { recursive: true });
    const file = join(place.home, 'nats.conf');
    await writeFile(file, configuration(place, options));
    const child = startChild(path, ['-c', file], { ...process.env, ...options.environment });
    await untilReady('nats-server', child, () => greets(place.port));
    return child;
  });
};

/**
 * A JetStream cluster of `size` members in one process group.
 *
 * Resolves when every member greets; the members elect their JetStream leader within the seconds after, and until then
 * answer requests with 10008, which clients are expected to retry.
 */
export const startNatsCluster = async (
  size: number,
  options: Omit<NatsOptions, 'port' | 'storeDir' | 'cluster' | 'serverName'> = {},
): Promise<readonly NatsServer[]> => {
  const routePorts: number[] = [];
  while (routePorts.length < size) {
    const port = await freePort();
    if (!routePorts.includes(port)) routePorts.push(port);
  }
  return Promise.all(
    routePorts.map((port, index) =>
      startNats({ ...options, serverName: `kefu-${index + 1}`, cluster: { name: 'kefu', port, routePorts } }),
    ),
  );
};
