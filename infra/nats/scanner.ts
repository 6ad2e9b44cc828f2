/** Everyone's commits in order, from any position to an exact end or for ever. */
import type { Stored } from '../../events/commit.ts';
import type { Scan } from '../../events/event-log.ts';
import type { Clock } from '../clock.ts';
import { joinSignals } from '../joined-signal.ts';
import { pause } from '../pause.ts';
import { storedCommit } from '../stored-commit.ts';
import type { Claims } from './claims.ts';
import type { Connectivity } from './connectivity.ts';
import { type Arrived, Delivery, type DeliveryParts, type Take } from './delivery.ts';
import type { KnownCommits } from './known-commits.ts';
import { isLost, type Leader } from './leader.ts';
import { Echo, ownFeed } from './own-feed.ts';
import { STREAM } from './stream.ts';
import { refOf, subjectsOf } from './subjects.ts';
import { textOf } from './text-of.ts';

export interface ReaderParts extends DeliveryParts {
  readonly connectivity: Connectivity;
  readonly leader: Leader;
  readonly closing: AbortSignal;
}

export interface ScannerParts extends ReaderParts {
  readonly known: KnownCommits;
  readonly claims: Claims;
  readonly clock: Clock;
  /** Into how many slices the sessions fall. */
  readonly shards: number;
}

/** As {@link Scan}, by subjects. */
export interface Reading {
  readonly after: number;
  readonly until?: number;
  readonly subjects: readonly string[];
  readonly follow?: boolean;
  readonly signal?: AbortSignal | undefined;
}

const RETRY_MS = 200;
/** A reading that does not follow gives up after so many failures in a row to get on. */
const FAILURES_MAX = 50;

export async function* scanStream(parts: ScannerParts, scan: Scan): AsyncGenerator<readonly Stored[]> {
  if (scan.follow === true) yield* follow(parts, scan);
  else {
    const subjects = subjectsOf(scan.tenant, scan.shards, parts.shards);
    for await (const batch of readStream(parts, { ...scan, subjects }, (arrived) => arrived)) yield batch.map(decoded);
  }
}

/** What was written here need not be decoded, nor, for long stretches, be sent by the server. */
async function* follow(parts: ScannerParts, scan: Scan): AsyncGenerator<readonly Stored[]> {
  const { known, claims, clock, shards } = parts;
  const subjects = subjectsOf(scan.tenant, scan.shards, shards);
  const only = scan.shards?.size === shards ? undefined : scan.shards;
  const mayLeave = scan.tenant === undefined && scan.until === undefined;
  // Not kept as it came until somebody asks for it.
  const keep = (arrived: Arrived): Stored | Arrived => ownOf(arrived, known) ?? arrived;
  const { signal, release } = joinSignals(parts.closing, scan.signal);
  const echo = new Echo(clock);
  let { after } = scan;
  if (mayLeave && !signal.aborted) claims.listen();
  try {
    for (;;) {
      let isWorthATry = false;
      for await (const arrived of readStream(parts, { ...scan, after, subjects }, keep)) {
        let isOwn = true;
        const batch = arrived.map((each) => {
          // The ack of some may have been on its way.
          const own = 'message' in each ? ownOf(each, known) : each;
          isOwn &&= own !== undefined;
          // Whoever gets a part of the log leaves it to the one who gets all of it.
          if (mayLeave) known.forget(each.position);
          return own ?? decoded(each as Arrived);
        });
        after = batch.at(-1)?.position ?? after;
        yield batch;
        isWorthATry = mayLeave && echo.heard(batch.length, isOwn);
        if (isWorthATry) break;
      }
      if (!isWorthATry) return;
      after = yield* ownFeed(parts, after, only, signal);
      if (signal.aborted) return;
      echo.ended();
    }
  } finally {
    release();
  }
}

/**
 * A reading that follows goes on through lost connections and restarts of the server, behind the last position it has given.
 * Throws when the log is gone or has lost what it had, and when it holds what is no commit.
 */
export async function* readStream<A extends { readonly position: number }>(
  parts: ReaderParts,
  reading: Reading,
  keep: Take<A>,
): AsyncGenerator<readonly A[]> {
  const { signal, release } = joinSignals(parts.closing, reading.signal);
  try {
    if (!signal.aborted) yield* readUntil(parts, reading, keep, signal);
  } finally {
    release();
  }
}

async function* readUntil<A extends { readonly position: number }>(
  parts: ReaderParts,
  { after, until = Number.POSITIVE_INFINITY, subjects, follow = false }: Reading,
  keep: Take<A>,
  signal: AbortSignal,
): AsyncGenerator<readonly A[]> {
  const { leader } = parts;
  const end = follow ? until : Math.min(until, await leader.last());
  let position = after;
  for (let failures = 0; position < end && !signal.aborted; failures++) {
    if (!follow && failures > FAILURES_MAX)
      throw new Error(
        `the stream ${parts.stream ?? STREAM} could not be read behind position ${position} in ${FAILURES_MAX} attempts`,
      );
    if (failures > 0) await pause(RETRY_MS, signal);
    const delivery = await open(() => openChecked(parts, position, subjects, keep), parts, signal);
    if (delivery === undefined) continue;
    const stopWatching = watch(parts, delivery, signal);
    try {
      for (let isQuiet = false; ; ) {
        if (!follow && (isQuiet || delivery.drained) && (await isLast(leader, position, end, subjects))) return;
        const arrived = await delivery.next();
        isQuiet = arrived.length === 0;
        if (signal.aborted) return;
        const from = position;
        const batch = arrived.filter((each) => each.position > from && each.position <= end);
        if (batch.length > 0) {
          position = batch.at(-1)?.position ?? position;
          leader.saw(position);
          failures = 0;
          yield batch;
        }
        // Whatever comes at or behind the end shows that nothing before it is missing.
        if ((arrived.at(-1)?.position ?? 0) >= end) return;
        if (isQuiet && delivery.broken !== undefined) break;
      }
    } finally {
      stopWatching();
      delivery.close();
    }
  }
}

/** A log that was set back has something else at the position. */
const ownOf = ({ position, message }: Arrived, known: KnownCommits): Stored | undefined => {
  const stored = known.get(position);
  if (stored === undefined) return undefined;
  const { tenant, session } = refOf(message.subject);
  return stored.commit.session === session && stored.tenant === tenant ? stored : undefined;
};

const decoded = ({ position, message }: Arrived): Stored =>
  storedCommit({ log: STREAM, position, ...refOf(message.subject) }, textOf(message));

/** A new consumer behind the position, or none: not now, or not any more because the signal was raised. */
const open = async <D extends { close(): void }>(
  begin: () => Promise<D>,
  parts: ReaderParts,
  signal: AbortSignal,
): Promise<D | undefined> => {
  if (parts.connection.isClosed()) throw new Error('the connection to NATS was closed for good');
  if (!parts.connectivity.up) return undefined;
  const opening = begin();
  const raised = raisedOf(signal);
  try {
    return await Promise.race([opening, raised.promise]);
  } catch (error) {
    if (isLost(error)) throw error;
    return undefined;
  } finally {
    raised.forget();
    if (signal.aborted)
      opening.then(
        (delivery) => delivery.close(),
        () => undefined,
      );
  }
};

const openChecked = async <A extends { readonly position: number }>(
  parts: ReaderParts,
  position: number,
  subjects: readonly string[],
  keep: Take<A>,
): Promise<Delivery<A>> => {
  // A log that has lost its end would go on at positions that were given before, and they would be passed over.
  await parts.leader.last();
  return Delivery.open(parts, position, subjects, keep);
};

const raisedOf = (signal: AbortSignal): { promise: Promise<undefined>; forget: () => void } => {
  let forget = (): void => undefined;
  const promise = new Promise<undefined>((resolve) => {
    const raised = (): void => resolve(undefined);
    signal.addEventListener('abort', raised, { once: true });
    forget = () => signal.removeEventListener('abort', raised);
  });
  return { promise, forget };
};

const watch = (
  parts: ReaderParts,
  delivery: Pick<Delivery<never>, 'interrupt' | 'fail'>,
  signal: AbortSignal,
): (() => void) => {
  const raised = (): void => delivery.interrupt();
  signal.addEventListener('abort', raised, { once: true });
  const stopListening = parts.connectivity.listen({
    lost: () => delivery.fail('the connection to NATS was lost'),
    regained: () => undefined,
  });
  return () => {
    signal.removeEventListener('abort', raised);
    stopListening();
  };
};

/**
 * Whether nothing of these subjects stands behind the position up to the end. The consumer's own word is not enough: the
 * replica it reads from may be behind.
 */
const isLast = async (leader: Leader, position: number, end: number, subjects: readonly string[]): Promise<boolean> => {
  if (position >= end) return true;
  try {
    const next = await Promise.all(subjects.map((subject) => leader.firstBehind(position, subject)));
    return next.every((each) => each === undefined || each.position > end);
  } catch (error) {
    if (isLost(error)) throw error;
    return false;
  }
};
