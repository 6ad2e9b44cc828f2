/** The log on NATS JetStream: one stream, a subject for each session, a message for each commit. */
import { setMaxListeners } from 'node:events';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from 'nats';
import type { Append, Appended, Batches, EventLog, Scan } from '../../events/event-log.ts';
import type { SessionRef } from '../../events/names.ts';
import { Beat } from '../beat.ts';
import { type Clock, systemClock } from '../clock.ts';
import { APPEND_DECIDED_WITHIN_MS, Appender } from './appender.ts';
import { Claims } from './claims.ts';
import { Connectivity } from './connectivity.ts';
import { KnownCommits } from './known-commits.ts';
import { Leader } from './leader.ts';
import { Publisher } from './publisher.ts';
import { type ScannerParts, scanStream } from './scanner.ts';
import { SessionReader } from './session-reader.ts';
import { openStream, type StreamOptions } from './stream.ts';

export interface NatsLogOptions extends StreamOptions {
  /** Milliseconds after which an append whose outcome cannot be learned is answered `Undecided`. */
  readonly appendMs?: number | undefined;
  readonly clock?: Clock;
  /** When appends are sent; by itself at the end of each turn of the event loop. */
  readonly beat?: Beat;
}

/** How long a question to JetStream's own interface may take. */
const API_WITHIN_MS = 2_000;

export class NatsEventLog implements EventLog {
  readonly shards: number;
  /** Servers that hold a copy of the stream. */
  readonly replicas: number;
  readonly #closing: AbortController;
  readonly #connectivity: Connectivity;
  readonly #leader: Leader;
  readonly #publisher: Publisher;
  readonly #appender: Appender;
  readonly #reader: SessionReader;
  readonly #scanner: ScannerParts;

  /**
   * Makes the stream, or checks the one that is there; throws `DependencyFailure` when it cannot keep the log's promises.
   * The connection stays the caller's, to be closed after the log.
   */
  static async open(connection: NatsConnection, options: NatsLogOptions = {}): Promise<NatsEventLog> {
    const manager = await jetstreamManager(connection, { checkAPI: false, timeout: API_WITHIN_MS });
    const { shards, replicas } = await openStream(manager, options);
    const clock = options.clock ?? systemClock;
    const closing = new AbortController();
    // Everything that waits listens to it, and in a bad hour a great many appends do.
    setMaxListeners(0, closing.signal);
    const connectivity = new Connectivity(connection);
    const leader = new Leader(manager);
    const known = new KnownCommits();
    // A server that comes back may have lost what it had not written yet.
    connectivity.listen({ lost: () => known.clear(), regained: () => undefined });
    const claims = new Claims(connection, known);
    const beat = options.beat ?? new Beat(clock.monotonicMs, 0);
    const common = {
      connection,
      connectivity,
      manager,
      leader,
      known,
      claims,
      clock,
      beat,
      shards,
      replicas,
      closing: closing.signal,
    };
    return new NatsEventLog(common, closing, options.appendMs ?? APPEND_DECIDED_WITHIN_MS);
  }

  private constructor(
    parts: ScannerParts & { readonly beat: Beat; readonly replicas: number },
    closing: AbortController,
    decidedWithinMs: number,
  ) {
    this.shards = parts.shards;
    this.replicas = parts.replicas;
    this.#closing = closing;
    this.#connectivity = parts.connectivity;
    this.#leader = parts.leader;
    this.#publisher = new Publisher(parts.connection, parts.connectivity, parts.clock, parts.beat);
    this.#appender = new Appender({ ...parts, publisher: this.#publisher, decidedWithinMs });
    this.#reader = new SessionReader(parts);
    this.#scanner = parts;
  }

  /** Whether there is a connection right now; without one appends wait for a while and then are undecided. */
  get connected(): boolean {
    return this.#connectivity.up;
  }

  append(append: Append): Promise<Appended> {
    return this.#appender.append(append);
  }

  read(ref: SessionRef, after = 0): Batches {
    return this.#reader.read(ref, after);
  }

  scan(scan: Scan): Batches {
    return scanStream(this.#scanner, scan);
  }

  head(): Promise<number> {
    return this.#leader.last();
  }

  /** Ends every scan; appends under way are answered `Undecided`. */
  close(): void {
    this.#closing.abort();
    this.#publisher.close();
    this.#scanner.claims.close();
    this.#reader.close();
  }
}
