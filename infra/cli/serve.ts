/** `kefu serve`: runs the server until it is told to stop. */
import { readConfig, startKefu } from '../backbone.ts';
import { exitWith } from './exit.ts';

export const serve = async (): Promise<void> => {
  const config = readConfig();
  const kefu = await startKefu(config);
  const { logger } = kefu;
  const stop = (signal: NodeJS.Signals): void => {
    logger.info({ signal }, 'draining');
    kefu.close().then(
      () => {
        logger.info('stopped');
        process.exit(0);
      },
      (error: unknown) => exitWith(error),
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  logger.info(
    {
      url: kefu.url,
      log: config.natsUrl === undefined ? 'embedded' : 'nats',
      views: config.redisUrl === undefined ? 'embedded' : 'redis',
      mode: config.secret === undefined ? 'development' : 'production',
    },
    'ready',
  );
  if (kefu.signInUrl !== undefined)
    process.stderr.write(`\n  Visitor page   ${kefu.url}/\n  Agent console  ${kefu.signInUrl}\n\n`);
};
