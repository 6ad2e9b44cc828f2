/**
 * Several processes on one port: started together, replaced when one dies, restarted one after the other on SIGHUP, drained
 * one after the other on SIGTERM.
 */
import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import type { Config } from '../config.ts';
import { makeLogger } from '../logging.ts';
import { Exchange } from './exchange.ts';
import { EXIT_DEPENDENCY, EXIT_WRONG_SETTING } from './exit.ts';
import { withMemorySettings } from './memory-settings.ts';
import { announce } from './serve.ts';

interface ReadyMessage {
  readonly ready: { readonly url: string; readonly signInUrl: string | undefined };
}

const isReady = (message: object): message is ReadyMessage => 'ready' in message;

/** A worker that dies sooner than this after its start is replaced with a pause that doubles each time. */
const STABLE_AFTER_MS = 10_000;
const PAUSE_FIRST_MS = 100;
const PAUSE_MAX_MS = 10_000;
/** A worker that has not ended so long after it was told to is killed. */
const DRAIN_WITHIN_MS = 30_000;

export const superviseWorkers = (config: Config): void => {
  const logger = makeLogger(config.logLevel);
  const ready = new Set<Worker>();
  const exchange = new Exchange();
  /** One that is to go and one that is to come: whoever of them dies is not replaced for that. */
  const changing = new Set<Worker>();
  let isStopping = false;
  let isAnnounced = false;
  let pauseMs = PAUSE_FIRST_MS;
  let rolling: Promise<void> = Promise.resolve();

  cluster.setupPrimary({ execArgv: withMemorySettings(process.execArgv) });
  const start = (): Worker => {
    const worker = cluster.fork();
    exchange.add(worker);
    const stable = setTimeout(() => {
      pauseMs = PAUSE_FIRST_MS;
    }, STABLE_AFTER_MS).unref();
    worker.on('message', (message: object) => {
      if (!isReady(message)) return;
      ready.add(worker);
      if (ready.size < config.workers || isAnnounced) return;
      isAnnounced = true;
      announce(config, { logger, url: message.ready.url, signInUrl: message.ready.signInUrl });
    });
    worker.on('exit', (code, signal) => {
      clearTimeout(stable);
      ready.delete(worker);
      if (isStopping || worker.exitedAfterDisconnect || changing.has(worker)) return;
      // A setting or a dependency that is wrong before anything ever ran is the operator's to mend, as with one process.
      if (!isAnnounced && (code === EXIT_WRONG_SETTING || code === EXIT_DEPENDENCY)) {
        isStopping = true;
        endAll(exchange, 'SIGKILL').then(
          () => process.exit(code),
          () => process.exit(code),
        );
        return;
      }
      logger.error({ worker: worker.process.pid, code, signal, pauseMs }, 'a worker died and is replaced');
      setTimeout(() => !isStopping && start(), pauseMs);
      pauseMs = Math.min(pauseMs * 2, PAUSE_MAX_MS);
    });
    return worker;
  };

  const restartAll = async (): Promise<void> => {
    for (const old of Object.values(cluster.workers ?? {})) {
      if (isStopping || old === undefined || old.isDead()) continue;
      const fresh = start();
      changing.add(old).add(fresh);
      const isServed = await serves(fresh);
      changing.delete(old);
      changing.delete(fresh);
      // The old one serves until a new one does.
      if (isServed) await end(exchange, old);
      else if (old.isDead()) start();
      else logger.error({ worker: old.process.pid }, 'a worker goes on: the one to follow it did not start');
    }
  };

  const stop = (signal: NodeJS.Signals): void => {
    if (isStopping) return;
    isStopping = true;
    logger.info({ signal }, 'draining');
    endAll(exchange, 'SIGTERM').then(
      () => {
        logger.info('stopped');
        process.exit(0);
      },
      () => process.exit(1),
    );
  };

  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('SIGHUP', () => {
    logger.info('restarting the workers one after the other');
    rolling = rolling.then(restartAll).catch((error: unknown) => {
      logger.error({ err: error }, 'a worker could not be restarted');
    });
  });
  for (let count = 0; count < config.workers; count++) start();
};

/** One after the other, so that there is always somebody to take over. */
const endAll = async (exchange: Exchange, signal: NodeJS.Signals): Promise<void> => {
  for (const worker of Object.values(cluster.workers ?? {}))
    if (worker !== undefined) await end(exchange, worker, signal);
};

/** Resolves when the worker has said that it is ready, or with `false` when it is gone instead. */
const serves = (worker: Worker): Promise<boolean> =>
  new Promise((resolve) => {
    worker.on('message', (message: object) => isReady(message) && resolve(true));
    worker.once('exit', () => resolve(false));
  });

const end = async (exchange: Exchange, worker: Worker, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
  if (worker.isDead()) return;
  exchange.remove(worker);
  const gone = once(worker, 'exit');
  // Marks the exit as wanted.
  worker.exitedAfterDisconnect = true;
  worker.process.kill(signal);
  // A process that hangs, or is stopped, does not hear of it.
  const timer = setTimeout(() => worker.process.kill('SIGKILL'), DRAIN_WITHIN_MS);
  await gone;
  clearTimeout(timer);
};
