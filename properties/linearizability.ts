/**
 * Whether one order of events explains everything that clients were told (Herlihy and Wing 1990). The order is not searched
 * for: the log is the witness. Every acknowledged command must stand in the log where its answer says, and must have taken
 * its place between its being sent and its answer; every read must hold what was acknowledged before it was asked.
 *
 * Records are plain objects, one a line of JSON, so that a run over real processes is checked as a simulated one is.
 */

/** One attempt of a client. Times are of one clock for all clients: turns in a simulation, monotonic time on one machine. */
export interface Operation {
  /** `<tenant>/<session>`. */
  readonly session: string;
  readonly client: string;
  readonly what: 'command' | 'read';
  /** A command's idempotency key, the same in every attempt; none for a read. */
  readonly key?: string;
  readonly sentAt: number;
  /** Absent where no answer came. */
  readonly answeredAt?: number;
  /** `unknown` also for whoever was told that nobody knows. */
  readonly outcome: 'done' | 'refused' | 'unknown';
  /** Where it is done: the seq of the command's last fact, or the newest that the read holds. */
  readonly seq?: number;
  readonly messageId?: string;
  /** Which process answered, another name for each of its lives. */
  readonly servedBy?: string;
  /** By a process that had lost the session and did not know: its reads and refusals may be old. */
  readonly mayBeOld?: boolean;
  /** A read that would be answered like this at every later time too. */
  readonly isLasting?: boolean;
  /** A command that is also done when there is nothing to change. */
  readonly mayChangeNothing?: boolean;
}

/** One fact of a session's log, in order: the n-th has the seq n. */
export interface Witness {
  readonly key: string;
  readonly type: string;
  readonly messageId?: string;
}

export type Broken =
  | 'what is acknowledged is stored'
  | 'a command is carried out once'
  | 'a refused command changes nothing'
  | 'an answer holds what was acknowledged before'
  | 'one order explains all answers';

export interface Violation {
  readonly law: Broken;
  readonly what: string;
}

export const encodeOperations = (operations: readonly Operation[]): string =>
  operations.map((operation) => `${JSON.stringify(operation)}\n`).join('');

export const decodeOperations = (lines: string): readonly Operation[] =>
  lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Operation);

/** What does not fit, in one session; nothing, when its operations are linearizable in the log's order. */
export const checkSession = (operations: readonly Operation[], log: readonly Witness[]): readonly Violation[] => {
  const places = placesOf(log);
  const commands = commandsIn(operations, places);
  return [
    ...carriedOutTwice(log),
    ...commands.flatMap(checkCommand),
    ...checkOrder(commands),
    ...operations.flatMap((operation) => checkRead(operation, commands, log.length)),
  ];
};

/** Where a command stands in the log. */
interface Place {
  /** Of its last fact. */
  readonly seq: number;
  readonly messageId: string | undefined;
}

interface Sent {
  readonly key: string;
  readonly attempts: readonly Operation[];
  readonly place: Place | undefined;
  /** From when to when it can have taken its place. */
  readonly from: number;
  readonly to: number;
}

const placesOf = (log: readonly Witness[]): ReadonlyMap<string, Place> => {
  const places = new Map<string, Place>();
  log.forEach(({ key, messageId }, index) => {
    places.set(key, { seq: index + 1, messageId: messageId ?? places.get(key)?.messageId });
  });
  return places;
};

const commandsIn = (operations: readonly Operation[], places: ReadonlyMap<string, Place>): readonly Sent[] => {
  const byKey = new Map<string, Operation[]>();
  for (const operation of operations) {
    if (operation.key === undefined) continue;
    const attempts = byKey.get(operation.key);
    if (attempts === undefined) byKey.set(operation.key, [operation]);
    else attempts.push(operation);
  }
  return [...byKey].map(([key, attempts]) => ({
    key,
    attempts,
    place: places.get(key),
    from: Math.min(...attempts.map(({ sentAt }) => sentAt)),
    to: Math.min(...attempts.filter(({ outcome }) => outcome === 'done').map(answeredAt), Number.POSITIVE_INFINITY),
  }));
};

const answeredAt = (operation: Operation): number => operation.answeredAt ?? Number.POSITIVE_INFINITY;

const carriedOutTwice = (log: readonly Witness[]): readonly Violation[] => {
  const seen = new Map<string, number>();
  return log.flatMap(({ key, type }, index) => {
    const fact = `${key} ${type}`;
    const before = seen.get(fact);
    seen.set(fact, index + 1);
    if (before === undefined) return [];
    return broken('a command is carried out once', `${say(key)} led to ${type} at seq ${before} and at ${index + 1}`);
  });
};

const checkCommand = ({ key, attempts, place }: Sent): readonly Violation[] =>
  attempts.flatMap((attempt) => {
    if (attempt.outcome === 'done') {
      if (place === undefined) {
        if (attempt.mayChangeNothing === true) return [];
        return broken(
          'what is acknowledged is stored',
          `${say(key)} is acknowledged at seq ${attempt.seq}, not stored`,
        );
      }
      if (attempt.seq === place.seq && attempt.messageId === place.messageId) return [];
      if (attempt.mayChangeNothing === true) return [];
      const told = `seq ${attempt.seq}, message ${attempt.messageId}`;
      const stored = `seq ${place.seq}, message ${place.messageId}`;
      return broken(
        'what is acknowledged is stored',
        `${say(key)} is acknowledged as ${told}, but stored as ${stored}`,
      );
    }
    if (attempt.outcome !== 'refused' || place === undefined || attempt.mayBeOld === true) return [];
    if (attempts.some((other) => other !== attempt && canHaveDoneIt(other, attempt))) return [];
    return broken('a refused command changes nothing', `${say(key)} is refused, and stored at seq ${place.seq}`);
  });

/** Whether another attempt explains that a refused one is stored. What the same process gave up before is over. */
const canHaveDoneIt = (other: Operation, refused: Operation): boolean => {
  if (other.outcome === 'refused') return false;
  if (other.outcome === 'done') return answeredAt(other) > refused.sentAt;
  return !(answeredAt(other) <= refused.sentAt && other.servedBy === refused.servedBy);
};

/** What was answered before something else was sent stands before it. */
const checkOrder = (commands: readonly Sent[]): readonly Violation[] => {
  const inOrder = commands
    .filter(({ place }) => place !== undefined)
    .toSorted((a, b) => (a.place?.seq ?? 0) - (b.place?.seq ?? 0));
  let latest: Sent | undefined;
  return inOrder.flatMap((command) => {
    const before = latest;
    if (latest === undefined || command.from > latest.from) latest = command;
    if (before === undefined || before.from <= command.to) return [];
    const what = `${say(before.key)} was sent at ${before.from}, after ${say(command.key)} was answered at ${command.to}`;
    return broken('one order explains all answers', `${what}, but stands before it, at seq ${before.place?.seq}`);
  });
};

const checkRead = (read: Operation, commands: readonly Sent[], head: number): readonly Violation[] => {
  const changedNothing = read.mayChangeNothing === true && read.outcome === 'done';
  if (read.what !== 'read' && !changedNothing) return [];
  if (read.seq === undefined || read.mayBeOld === true) return [];
  const { seq } = read;
  const told =
    read.what === 'read' ? `${read.client} read up to seq ${seq}` : `${say(read.key ?? '')} found seq ${seq}`;
  if (seq > head) return broken('one order explains all answers', `${told}, but the log ends at ${head}`);
  const missing = newestKnown(commands, read.sentAt);
  // The answer of a repeated command is as old as the command.
  if (read.what === 'read' && read.isLasting !== true && seq < missing)
    return broken('an answer holds what was acknowledged before', `${told} at ${read.sentAt}, ${missing} was known`);
  const early = commands.find(({ place, from }) => place !== undefined && place.seq <= seq && from > answeredAt(read));
  if (early === undefined) return [];
  return broken('one order explains all answers', `${told} before ${say(early.key)} was sent at ${early.from}`);
};

/** The highest seq acknowledged before a moment, by those who were in a position to know. */
export const newestKnown = (commands: readonly Pick<Sent, 'attempts'>[], before: number): number => {
  let newest = 0;
  for (const { attempts } of commands)
    for (const attempt of attempts)
      if (attempt.outcome === 'done' && attempt.mayBeOld !== true && answeredAt(attempt) < before)
        newest = Math.max(newest, attempt.seq ?? 0);
  return newest;
};

const broken = (law: Broken, what: string): readonly Violation[] => [{ law, what }];

const say = (key: string): string => JSON.stringify(key);
