/** What a play came to: who got how much, with how many faults. */
import type { Dialogue } from './dialogues.ts';
import { percentile } from './meter.ts';
import type { Outcome } from './play.ts';
import type { Came } from './read-back.ts';
import type { Party, Played } from './scene.ts';
import type { Watched } from './staff.ts';
import type { Strike } from './strikes.ts';
import { addFaults, type Faults, faultless, type Item, isFaultless, tally } from './tally.ts';
import { isMessage } from './witness.ts';

/** What one kind of reader got of all sessions. */
export interface Row {
  readonly reader: string;
  readonly messages: number;
  /** Messages among them; `undefined` where the reader gets nothing but messages. */
  readonly facts: number | undefined;
  readonly faults: Faults;
}

export interface Report {
  readonly dialogues: number;
  readonly opened: number;
  /** Played to the end. */
  readonly closed: number;
  /** Why dialogues were not played to their end. */
  readonly failures: readonly string[];
  readonly said: number;
  readonly acked: number;
  readonly rows: readonly Row[];
  readonly strikes: readonly Strike[];
  readonly reconnects: number;
  readonly refusedClaims: number;
  /** Rows of the inbox that the agents' watches gave. */
  readonly rowsTold: number;
  readonly tookMs: number;
  readonly messagesPerSecond: number;
  readonly medianMs: number;
  readonly slowestMs: number;
}

/** What was read back afterwards. */
export interface ReadBack {
  readonly histories: Came;
  readonly facts: Came;
  readonly stream: Came;
  readonly closed: readonly string[];
  /** From a process that was started after the play; `undefined` where the server is somebody else's. */
  readonly historiesAnew: Came | undefined;
}

export const reportOf = (dialogues: readonly Dialogue[], outcome: Outcome, back: ReadBack): Report => {
  const { played, meter, strikes, tookMs, reconnects, refusedClaims, watched } = outcome;
  return {
    dialogues: dialogues.length,
    opened: played.filter(({ session }) => session !== undefined).length,
    closed: played.filter(({ failure }) => failure === undefined).length,
    failures: played.flatMap(({ dialogue, failure }) => (failure === undefined ? [] : [`${dialogue.id}: ${failure}`])),
    said: meter.said,
    acked: meter.acked,
    rows: [
      liveRow("visitors' sockets", played, 'visitorSocket'),
      liveRow("visitors' clients", played, 'visitorClient'),
      liveRow("agents' sockets", played, 'agentSocket'),
      liveRow("agents' clients", played, 'agentClient'),
      messageRow('history', played, back.histories),
      factRow('facts by session', played, back.facts),
      factRow('event stream', played, back.stream),
      ...(back.historiesAnew === undefined ? [] : [messageRow('history, restarted', played, back.historiesAnew)]),
      inboxRow(played, back.closed),
      watchRow(watched),
    ],
    strikes,
    reconnects,
    refusedClaims,
    rowsTold: watched.rows,
    tookMs,
    messagesPerSecond: (meter.acked * 1_000) / tookMs,
    medianMs: percentile(meter.tookMs, 0.5),
    slowestMs: percentile(meter.tookMs, 0.99),
  };
};

/** Whether everybody got everything, in order, once. */
export const isClean = ({ dialogues, opened, closed, said, acked, rows }: Report): boolean =>
  opened === dialogues && closed === dialogues && said === acked && rows.every(({ faults }) => isFaultless(faults));

const liveRow = (reader: string, played: readonly Played[], party: Party): Row => {
  const pairs = played.map(({ happened, came }) => [happened, came[party]] as const);
  return { reader, ...counted(pairs), faults: summed(pairs) };
};

const factRow = (reader: string, played: readonly Played[], came: Came): Row => {
  const pairs = played.map(({ happened, session }) => [happened, came.get(session ?? '') ?? []] as const);
  const known = new Set(played.map(({ session }) => session));
  // Nobody else has sessions in a play's tenant.
  const strangers = [...came].filter(([session]) => !known.has(session)).flatMap(([, items]) => items);
  const faults = addFaults(summed(pairs), { ...faultless, wrong: strangers.length });
  return { reader, ...counted(pairs), faults };
};

const messageRow = (reader: string, played: readonly Played[], came: Came): Row => {
  const pairs = played.map(
    ({ happened, session }) => [happened.filter(isMessage), came.get(session ?? '') ?? []] as const,
  );
  return { reader, ...counted(pairs), facts: undefined, faults: summed(pairs) };
};

/** Every session that was closed is listed as closed, once. */
const inboxRow = (played: readonly Played[], listed: readonly string[]): Row => {
  const closed = new Set(played.flatMap(({ session, failure }) => (failure === undefined ? [session ?? ''] : [])));
  const unique = new Set(listed);
  const faults = {
    ...faultless,
    missing: [...closed].filter((session) => !unique.has(session)).length,
    duplicated: listed.length - unique.size,
    wrong: [...unique].filter((session) => !closed.has(session)).length,
  };
  return { reader: 'closed in the inbox', messages: 0, facts: undefined, faults };
};

/** A row that went back is out of order; a session that no watch saw leaving the queue misses that row. */
const watchRow = ({ wentBack, left }: Watched): Row => ({
  reader: "agents' watches",
  messages: 0,
  facts: undefined,
  faults: { ...faultless, outOfOrder: wentBack, missing: left },
});

type Pair = readonly [happened: readonly Item[], came: readonly Item[]];

const counted = (pairs: readonly Pair[]): { readonly messages: number; readonly facts: number } => ({
  messages: pairs.reduce((sum, [, came]) => sum + came.filter(isMessage).length, 0),
  facts: pairs.reduce((sum, [, came]) => sum + came.length, 0),
});

const summed = (pairs: readonly Pair[]): Faults =>
  pairs.map(([happened, came]) => tally(happened, came)).reduce(addFaults, faultless);
