/** The knowledge log on NATS JetStream: a stream of its own, a subject for each tenant, a message for each edit. */
import { setMaxListeners } from 'node:events';
import { JetStreamApiError, type JetStreamClient, jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from 'nats';
import type { EditAppended, EditBatches, KnowledgeEdit, KnowledgeLog, StoredEdit } from '../../events/knowledge-log.ts';
import { type Clock, systemClock } from '../clock.ts';
import { pause } from '../pause.ts';
import { storedEdit } from '../stored-edit.ts';
import { Connectivity } from './connectivity.ts';
import type { Arrived } from './delivery.ts';
import { KNOWLEDGE_STREAM, KNOWLEDGE_SUBJECTS, openKnowledgeStream } from './knowledge-stream.ts';
import { Leader, type LeaderMessage } from './leader.ts';
import { type ReaderParts, readStream } from './scanner.ts';

export interface NatsKnowledgeLogOptions {
  /** Servers that hold a copy of the stream when it is made. */
  readonly replicas?: number;
  /** Milliseconds after which an append whose outcome cannot be learned is answered `Undecided`. */
  readonly appendMs?: number;
  readonly clock?: Clock;
}

const PREFIX = 'kefu.kb.';
const APPEND_DECIDED_WITHIN_MS = 10_000;
const API_WITHIN_MS = 2_000;
const RETRY_MS = 100;
/** "wrong last sequence": the subject's last message is another one than expected. */
const WRONG_LAST_SEQUENCE = 10071;

export class NatsKnowledgeLog implements KnowledgeLog {
  readonly #publisher: JetStreamClient;
  readonly #parts: ReaderParts;
  readonly #closing: AbortController;
  readonly #clock: Clock;
  readonly #decidedWithinMs: number;

  /** Makes the stream, or checks the one that is there. The connection stays the caller's, to be closed after the log. */
  static async open(connection: NatsConnection, options: NatsKnowledgeLogOptions = {}): Promise<NatsKnowledgeLog> {
    const manager = await jetstreamManager(connection, { checkAPI: false, timeout: API_WITHIN_MS });
    await openKnowledgeStream(manager, options.replicas ?? 1);
    const closing = new AbortController();
    setMaxListeners(0, closing.signal);
    const parts: ReaderParts = {
      connection,
      manager,
      stream: KNOWLEDGE_STREAM,
      leader: new Leader(manager, KNOWLEDGE_STREAM),
      connectivity: new Connectivity(connection),
      closing: closing.signal,
    };
    return new NatsKnowledgeLog(parts, closing, options);
  }

  private constructor(parts: ReaderParts, closing: AbortController, options: NatsKnowledgeLogOptions) {
    this.#publisher = jetstream(parts.connection, { timeout: API_WITHIN_MS });
    this.#parts = parts;
    this.#closing = closing;
    this.#clock = options.clock ?? systemClock;
    this.#decidedWithinMs = options.appendMs ?? APPEND_DECIDED_WITHIN_MS;
  }

  async append(tenant: string, edit: KnowledgeEdit, expected: number): Promise<EditAppended> {
    const deadline = this.#clock.monotonicMs() + this.#decidedWithinMs;
    let why = 'the log is closing';
    while (!this.#closing.signal.aborted) {
      try {
        return await this.#appendOnce(tenant, edit, expected);
      } catch (error) {
        // A lost answer says nothing: the same edit goes again, and the server or the subject's last message tells.
        why = error instanceof Error ? error.message : String(error);
      }
      if (this.#clock.monotonicMs() >= deadline) break;
      await pause(RETRY_MS, this.#closing.signal);
    }
    return { _tag: 'Undecided', why };
  }

  async *read(after: number, tenant?: string): EditBatches {
    for await (const batch of readStream(this.#parts, { after, subjects: [subjectOf(tenant)] }, asItCame))
      yield batch.map(editArrived);
  }

  async *follow(after: number, signal: AbortSignal): EditBatches {
    const reading = { after, subjects: [KNOWLEDGE_SUBJECTS], follow: true, signal };
    for await (const batch of readStream(this.#parts, reading, asItCame)) yield batch.map(editArrived);
  }

  /** Ends every reading; appends under way are answered `Undecided`. */
  close(): void {
    this.#closing.abort();
  }

  async #appendOnce(tenant: string, edit: KnowledgeEdit, expected: number): Promise<EditAppended> {
    const subject = subjectOf(tenant);
    try {
      const { seq } = await this.#publisher.publish(subject, JSON.stringify(edit), {
        msgID: edit.edit,
        expect: { lastSubjectSequence: expected },
      });
      this.#parts.leader.saw(seq);
      return { _tag: 'Stored', revision: seq };
    } catch (error) {
      if (!(error instanceof JetStreamApiError) || error.code !== WRONG_LAST_SEQUENCE) throw error;
      return this.#successor(tenant, edit, expected);
    }
  }

  /** What took the place behind the expected one: this very edit, whose answer was lost, or another. */
  async #successor(tenant: string, { edit }: KnowledgeEdit, expected: number): Promise<EditAppended> {
    const found = await this.#parts.leader.firstBehind(expected, subjectOf(tenant));
    if (found === undefined) return { _tag: 'Conflict' };
    const { revision, edit: other } = editOf(found);
    return other.edit === edit ? { _tag: 'Stored', revision } : { _tag: 'Conflict' };
  }
}

const subjectOf = (tenant: string | undefined): string => (tenant === undefined ? KNOWLEDGE_SUBJECTS : PREFIX + tenant);

const editOf = ({ position, subject, body }: LeaderMessage): StoredEdit =>
  storedEdit(`the stream ${KNOWLEDGE_STREAM}`, subject.slice(PREFIX.length), position, body);

const asItCame = (arrived: Arrived): Arrived => arrived;

const editArrived = ({ position, message }: Arrived): StoredEdit =>
  editOf({ position, subject: message.subject, body: message.string() });
