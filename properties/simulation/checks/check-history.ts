/** Every law, held against a history that has come to rest. */
import { isDeepStrictEqual } from 'node:util';
import { keyOf } from '../../../actors/receipts.ts';
import { evolveCommit, type SessionState, unopened } from '../../../actors/session-state.ts';
import { lastSeq, type Stored } from '../../../events/commit.ts';
import { type Fact, personOf } from '../../../events/facts.ts';
import { checkSession, type Operation, type Witness } from '../../linearizability.ts';
import type { Stage } from '../disasters.ts';
import type { Ground } from '../ground.ts';
import { isLasting, wrongRead } from '../reads.ts';
import type { Recorder } from '../recorder.ts';
import type { SimulatedLog } from '../simulated-log.ts';
import { checkInboxes } from './inboxes.ts';
import { checkRefusals } from './refusals.ts';
import { checkViews } from './views.ts';

/** One session of the log. */
export interface Past {
  readonly session: string;
  readonly commits: readonly Stored[];
  readonly facts: readonly Fact[];
}

export const checkHistory = async (
  stage: Stage,
  log: SimulatedLog,
  recorder: Recorder,
  ground: Ground,
): Promise<void> => {
  const stored = await log.everything();
  const operations = [...recorder.operations(), ...stage.reads.map((read) => operationOf(read, stored))];
  const sessions = new Set([
    ...stored.map(({ commit }) => commit.session),
    ...operations.map(({ session }) => session),
  ]);
  let isGapless = true;
  for (const session of sessions) {
    const past = pastOf(session, stored);
    const gap = gapIn(past);
    if (gap !== undefined) {
      ground.violated('seqs are gapless', gap);
      isGapless = false;
    }
    const own = operations.filter((operation) => operation.session === session);
    for (const { law, what } of checkSession(own, past.facts.map(witnessOf)))
      ground.violated(law, `${session}: ${what}`);
    for (const read of stage.reads) {
      const wrong = read.ref.session === session ? wrongRead(read, past.commits) : undefined;
      if (wrong !== undefined) ground.violated('a rebuild gives the live view', `${session}: ${wrong}`);
    }
    checkSeen(recorder, past, ground);
    checkInboxes(stage, recorder, past, ground);
    if (gap === undefined) {
      checkLive(stage, past, ground);
      checkRefusals(recorder, past, ground);
    }
  }
  if (isGapless) await checkViews(stage.views.store, stored, ground);
};

const pastOf = (session: string, stored: readonly Stored[]): Past => {
  const commits = stored.filter(({ commit }) => commit.session === session);
  return { session, commits, facts: commits.flatMap(({ commit }) => commit.events) };
};

const gapIn = ({ session, commits }: Past): string | undefined => {
  let seq = 0;
  for (const { commit } of commits) {
    if (commit.seq !== seq + 1) return `${session} has seq ${commit.seq} behind ${seq}`;
    seq = lastSeq(commit);
  }
  return undefined;
};

const witnessOf = (fact: Fact): Witness => ({
  key: String(keyOf(personOf(fact), fact.clientId)),
  type: fact.type,
  ...(fact.type === 'MessagePosted' ? { messageId: fact.messageId } : {}),
});

/** A read as it is checked; a row as of some seq need not be new, and a page of the past cannot be old. */
const operationOf = (read: Stage['reads'][number], stored: readonly Stored[]): Operation => ({
  session: read.ref.session,
  client: read.client,
  what: 'read',
  outcome: 'done',
  sentAt: read.sentAt,
  answeredAt: read.answeredAt,
  servedBy: read.servedBy,
  mayBeOld: read.mayBeOld || read.asOf !== undefined,
  seq: read.page?.seq ?? read.row?.seq ?? 0,
  isLasting: isLasting(
    read,
    stored.filter(({ commit }) => commit.session === read.ref.session),
  ),
});

/** What readers were given is what is stored. */
const checkSeen = (recorder: Recorder, { session, facts }: Past, ground: Ground): void => {
  for (const seen of recorder.seen) {
    if (seen.session !== session) continue;
    const wrong = seen.facts.findIndex((fact, index) => !isDeepStrictEqual(fact, facts[seen.from - 1 + index]));
    if (wrong < 0) continue;
    const what = `${seen.reader} was given another fact than the log has at seq ${seen.from + wrong} of ${session}`;
    ground.violated('a reader sees every fact once and in order', what);
  }
};

/** Whoever serves the session has in memory what a replay gives. */
const checkLive = ({ processes }: Stage, past: Past, ground: Ground): void => {
  const replayed = past.commits.reduce<SessionState>((state, { commit }) => evolveCommit(state, commit), unopened);
  for (const { life } of processes) {
    const actor = life?.supervisor.live({ tenant: past.commits[0]?.tenant ?? '', session: past.session });
    if (life === undefined || actor === undefined || actor.state.seq !== replayed.seq) continue;
    if (sayState(actor.state) !== sayState(replayed))
      ground.violated(
        'replay gives the live state',
        `${past.session}: ${life.owner.name} has ${sayState(actor.state)}, replay gives ${sayState(replayed)}`,
      );
  }
};

const sayState = ({ seq, at, chart }: SessionState): string =>
  JSON.stringify([seq, at, chart.value, Object.entries(chart.context).toSorted(([a], [b]) => (a < b ? -1 : 1))]);
