/** `kefu serve`: runs the server until it is told to stop, in this process or in several on one port. */
import cluster from 'node:cluster';
import { type Config, type Kefu, readConfig, startKefu } from '../backbone.ts';
import { noSiblings, WorkerSiblings } from '../cluster/siblings.ts';
import { exitWith } from './exit.ts';
import { giveBackYoungSpace } from './young-space.ts';

/** `started` is told behind the ready line, in each process that serves. */
export const serve = async (started: () => void = () => undefined): Promise<void> => {
  const config = readConfig();
  if (config.workers > 1 && cluster.isPrimary) {
    const { superviseWorkers } = await import('./workers.ts');
    superviseWorkers(config);
    return;
  }
  const kefu = await startKefu(config, undefined, cluster.isWorker ? new WorkerSiblings(process) : noSiblings);
  stopOnSignal(kefu);
  giveBackYoungSpace();
  if (cluster.isWorker) process.send?.({ ready: { url: kefu.url, signInUrl: kefu.signInUrl } });
  else announce(config, kefu);
  started();
};

/** The line that says the server is ready, and in development the links to begin with. */
export const announce = (
  config: Config,
  { logger, url, signInUrl }: Pick<Kefu, 'logger' | 'url' | 'signInUrl'>,
): void => {
  // Whoever started us waits for this line, however little else they want to read.
  logger.child({}, { level: 'info' }).info(
    {
      url,
      log: config.natsUrl === undefined ? 'embedded' : 'nats',
      views: config.redisUrl === undefined ? 'embedded' : 'redis',
      mode: config.secret === undefined ? 'development' : 'production',
      ...(config.workers > 1 ? { workers: config.workers } : {}),
    },
    'ready',
  );
  if (signInUrl !== undefined) process.stderr.write(`\n  Visitor page   ${url}/\n  Agent console  ${signInUrl}\n\n`);
};

const stopOnSignal = (kefu: Kefu): void => {
  const stop = (signal: NodeJS.Signals): void => {
    kefu.logger.info({ signal }, 'draining');
    kefu.close().then(
      () => {
        kefu.logger.info('stopped');
        process.exit(0);
      },
      (error: unknown) => exitWith(error),
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  // A worker whose primary is gone would serve on with nobody to stop it.
  if (cluster.isWorker) process.once('disconnect', () => stop('SIGTERM'));
};
