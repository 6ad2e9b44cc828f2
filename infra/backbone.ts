/**
 * Kefu, started: the settings are read, what they name is opened, and the parts are put together on it. The CLI, the tests
 * and an embedding host all enter here.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isLeft } from 'fp-ts/lib/Either.js';
import type { Logger } from 'pino';
import { decode } from '../events/codec.ts';
import { Deadlines } from '../events/deadlines.ts';
import { assistantSettings } from './assistant/assistant-settings.ts';
import { baseOf, sampleBase } from './assistant/base.ts';
import { loadKnowledge } from './assistant/load-knowledge.ts';
import { openBackends } from './backends.ts';
import { Beat } from './beat.ts';
import { systemClock } from './clock.ts';
import { noSiblings, type Siblings } from './cluster/siblings.ts';
import { type Config, readConfig, settingsFlaws, WrongSettings } from './config.ts';
import { makeLogger } from './logging.ts';
import { makeSecret, secretBytes } from './secret.ts';

export {
  type Config,
  deadlineVariables,
  type Limits,
  limitVariables,
  readConfig,
  WrongSettings,
} from './config.ts';
export { DependencyFailure } from './dependency-failure.ts';

export interface Kefu {
  /** Where it listens, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Development mode's sign-in link for the console; `undefined` where `KEFU_SECRET` is set. */
  readonly signInUrl: string | undefined;
  readonly logger: Logger;
  /** Drains and stops: in-flight commits finish, sockets close with 1012. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Settings for {@link startKefu}: the defaults, with what is given here instead. Throws {@link WrongSettings} for a name that
 * is none of a setting's, because what is misspelt would go unnoticed.
 */
export const configure = (given: Partial<Config> = {}): Config => {
  const defaults = readConfig({});
  const unknown = Object.keys(given).filter((key) => !(key in defaults));
  if (unknown.length > 0)
    throw new WrongSettings(
      unknown.map((key) => `${key}: there is no such setting; expected one of ${Object.keys(defaults).join(', ')}`),
    );
  return { ...defaults, ...given };
};

/** The store's lock is had in the first turn of the event loop, its first write begins in the second. */
const TURNS_TO_FIRST_WAIT = 2;

/**
 * Starts a server. Rejects with {@link WrongSettings}, with {@link DependencyFailure} when NATS, Redis or the data folder
 * cannot serve, or with the system's error when the port cannot be had.
 *
 * @example
 * const kefu = await startKefu(configure({ port: 0 }));
 * console.log(kefu.url);
 * await kefu.close();
 */
export const startKefu = async (
  config: Config,
  logger: Logger = makeLogger(config.logLevel),
  siblings: Siblings = noSiblings,
): Promise<Kefu> => {
  check(config);
  const base = config.knowledgeFile === undefined ? sampleBase() : baseOf(await loadKnowledge(config.knowledgeFile));
  const settings = await assistantSettings(config);
  const secret = secretBytes(config.secret ?? (await makeSecret(config.dataDir)));
  const beat = new Beat(systemClock.monotonicMs, config.beatMs);
  const opening = openBackends(config, logger, beat);
  // Whatever becomes of the opening is told below.
  opening.catch(() => undefined);
  // By then the first wait, for a disk or a server, is under way, and the parts are loaded while it lasts.
  for (let turn = 0; turn < TURNS_TO_FIRST_WAIT; turn++) await nextTurn();
  const { serve } = await import('./assembly.ts');
  const backends = await opening;
  try {
    return await serve({ config, logger, siblings, beat, secret, base, settings }, backends);
  } catch (error) {
    await backends.close();
    throw error;
  }
};

const check = (config: Config): void => {
  // Deadlines are stored with every session, where what could not be read back would make the session unreadable.
  const deadlines = decode(Deadlines, config.deadlines);
  const flaws = [
    ...settingsFlaws(config),
    ...(isLeft(deadlines) ? deadlines.left.map(({ path, expected }) => `deadlines.${path}: expected ${expected}`) : []),
  ];
  if (flaws.length > 0) throw new WrongSettings(flaws);
};
