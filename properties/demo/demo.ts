/** The demo: real conversations through real sockets, then every reader's account compared with what was said. */
import { randomBytes } from 'node:crypto';
import { type Ambient, realAmbient } from '../../infra/client/index.ts';
import { Api } from './api.ts';
import { Badges } from './badges.ts';
import { seeded } from './chance.ts';
import type { Dialogue } from './dialogues.ts';
import { play } from './play.ts';
import type { Progress } from './progress.ts';
import { readClosed, readFacts, readHistories, readStream } from './read-back.ts';
import { type Report, reportOf } from './report.ts';
import type { Stage } from './stage.ts';
import type { Fault } from './strikes.ts';

export interface DemoOptions {
  readonly dialogues: readonly Dialogue[];
  readonly atOnce: number;
  readonly agents: number;
  readonly fault: Fault;
  /** Decides when the fault strikes and where reading breaks off. */
  readonly seed: number;
  readonly progress: Progress;
  /** Clock, chance and timers of the clients; the real ones when not named. */
  readonly ambient?: Ambient;
}

/** Plays on a stage that the caller has opened and stops. Where the stage may restart Kefu, Kefu is restarted at the end. */
export const runDemo = async (stage: Stage, options: DemoOptions): Promise<Report> => {
  const { dialogues, seed } = options;
  const chance = seeded(seed);
  const badges = new Badges(stage.secret, `demo-${randomBytes(6).toString('hex')}`);
  const api = new Api(stage.url);
  const token = badges.tokenFor('analyst', 'reader');
  // A wrong secret is told at once; the clients would go on trying.
  await readClosed(api, token);
  const outcome = await play(stage, badges, { ambient: realAmbient, ...options, chance });
  const sessions = outcome.played.flatMap(({ session }) => (session === undefined ? [] : [session]));
  const histories = await readHistories(api, token, sessions);
  const facts = await readFacts(api, token, sessions);
  const stream = await readStream(api, token, Math.floor(outcome.meter.acked * chance()));
  const closed = await readClosed(api, token);
  await stage.kefu?.restart();
  const historiesAnew = stage.kefu === undefined ? undefined : await readHistories(api, token, sessions);
  return reportOf(dialogues, outcome, { histories, facts, stream, closed, historiesAnew });
};
