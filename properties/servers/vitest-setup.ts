/** Finds the servers once, before any test file runs, and hands their paths to the files' processes. */
import { natsServer, redisServer } from './binaries.ts';

export const setup = async (): Promise<void> => {
  process.env['KEFU_NATS_SERVER'] = (await natsServer()).path;
  process.env['KEFU_REDIS_SERVER'] = (await redisServer()).path;
  // The files' processes find them by these names, and need not say again what was found.
  process.env['KEFU_SERVERS_SAID'] = 'yes';
};
