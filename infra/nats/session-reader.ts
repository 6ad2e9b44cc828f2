/** One session's commits by direct batch reads: no consumer to set up, and one request for most sessions. */
import type { Msg, NatsConnection } from 'nats';
import type { Stored } from '../../events/commit.ts';
import type { SessionRef } from '../../events/names.ts';
import type { Clock } from '../clock.ts';
import { pause } from '../pause.ts';
import { storedCommit } from '../stored-commit.ts';
import { Turnstile } from '../turnstile.ts';
import type { Connectivity } from './connectivity.ts';
import { directSequence } from './direct-sequence.ts';
import { isLost, type Leader } from './leader.ts';
import { ReplyInbox } from './reply-inbox.ts';
import { STREAM } from './stream.ts';
import { subjectOf } from './subjects.ts';
import { textOf } from './text-of.ts';

export interface SessionReaderParts {
  readonly connection: NatsConnection;
  readonly connectivity: Connectivity;
  readonly leader: Leader;
  readonly clock: Clock;
  readonly shards: number;
  readonly replicas: number;
  readonly closing: AbortSignal;
}

interface Request {
  readonly messages: { readonly position: number; readonly body: string }[];
  /** Something has come. */
  readonly heard: () => void;
  readonly answer: (answer: Answer) => void;
}

type Answer =
  | { readonly _tag: 'Read'; readonly messages: Request['messages']; readonly more: boolean }
  | { readonly _tag: 'Failed'; readonly why: string };

/**
 * Commits asked for in one request; the server ends one that grows large. At the end of each it counts what is left, which for
 * sessions of 20,000 facts costs it a quarter of all its work at 256 a request.
 */
const READ_BATCH_MAX = 1_024;
/**
 * Requests under way. The server walks from one message of a session to its next, over all that stands between, one reader
 * after the other: when a thousand sessions wake up in one moment, those that it cannot come to in time must wait here, or each
 * would be asked for again while the server still works on the first asking.
 */
const READS_AT_ONCE_MAX = 8;
/** Silence after which a request is taken for lost. A lost connection is noticed by itself, long before. */
const SILENT_MS = 4_000;
/** The reader gives up so long after its first failure. */
const READ_WITHIN_MS = 8_000;
const RETRY_MS = 50;
const DIRECT_GET = `$JS.API.DIRECT.GET.${STREAM}`;
const END_OF_BATCH = 204;
const NOT_FOUND = 404;

export class SessionReader {
  readonly #parts: SessionReaderParts;
  readonly #inbox: ReplyInbox<Request>;
  readonly #stopListening: () => void;
  readonly #turnstile = new Turnstile(READS_AT_ONCE_MAX);

  constructor(parts: SessionReaderParts) {
    this.#parts = parts;
    this.#inbox = new ReplyInbox(parts.connection, (request, reply) => take(request, reply));
    this.#stopListening = parts.connectivity.listen({
      lost: () => this.#fail('the connection to NATS was lost'),
      regained: () => undefined,
    });
  }

  /** Commits behind a position, in order. Throws when the log cannot be read for {@link READ_WITHIN_MS}. */
  async *read(ref: SessionRef, after: number): AsyncGenerator<readonly Stored[]> {
    const { leader, shards, replicas } = this.#parts;
    const subject = subjectOf(ref, shards);
    let position = after;
    for (;;) {
      const { messages, more } = await this.#persistently(() =>
        this.#turnstile.through(() => this.#batch(subject, position)),
      );
      const batch = messages
        .filter((message) => message.position > position)
        .map((message) => storedCommit({ log: STREAM, ...ref, position: message.position }, message.body));
      position = batch.at(-1)?.position ?? position;
      leader.saw(position);
      if (batch.length > 0) yield batch;
      if (more) continue;
      if (replicas === 1) return;
      // Any replica may have answered, and it may be behind what has been acknowledged: the leader has the last word.
      const next = await this.#persistently(() => leader.firstBehind(position, subject));
      if (next === undefined) return;
      position = next.position;
      leader.saw(position);
      yield [storedCommit({ log: STREAM, ...ref, position }, next.body)];
    }
  }

  close(): void {
    this.#stopListening();
    this.#fail('the log is closing');
    this.#inbox.close();
  }

  async #persistently<T>(ask: () => Promise<T>): Promise<T> {
    const { clock, closing } = this.#parts;
    let deadline: number | undefined;
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        deadline ??= clock.monotonicMs() + READ_WITHIN_MS;
        if (isLost(error) || closing.aborted || clock.monotonicMs() >= deadline) throw error;
        await pause(RETRY_MS, closing);
      }
    }
  }

  async #batch(subject: string, after: number): Promise<Extract<Answer, { _tag: 'Read' }>> {
    const query = JSON.stringify({ seq: after + 1, next_by_subj: subject, batch: READ_BATCH_MAX });
    let token = 0;
    let timer: NodeJS.Timeout | undefined;
    try {
      const messages: Request['messages'] = [];
      const answer = await new Promise<Answer>((resolve) => {
        timer = setTimeout(() => {
          // What has come so far is progress.
          if (messages.length > 0) resolve({ _tag: 'Read', messages: [...messages], more: true });
          else resolve({ _tag: 'Failed', why: 'NATS did not answer in time' });
        }, SILENT_MS);
        token = this.#inbox.add({ messages, heard: () => timer?.refresh(), answer: resolve });
        if (!this.#parts.connectivity.up) resolve({ _tag: 'Failed', why: 'there is no connection to NATS' });
        else this.#parts.connection.publish(DIRECT_GET, query, { reply: this.#inbox.subjectOf(token) });
      });
      if (answer._tag === 'Read') return answer;
      throw new Error(`the stream ${STREAM} cannot be read now: ${answer.why}`);
    } finally {
      clearTimeout(timer);
      this.#inbox.forget(token);
    }
  }

  #fail(why: string): void {
    for (const { waiting } of this.#inbox.waiting.all) waiting.answer({ _tag: 'Failed', why });
  }
}

const take = (request: Request, reply: Msg): void => {
  request.heard();
  if (reply.data.length > 0) {
    request.messages.push({ position: directSequence(reply), body: textOf(reply) });
    return;
  }
  const { headers } = reply;
  const status = headers?.code ?? 0;
  if (status === END_OF_BATCH) {
    // The server ends a batch early when it grows large; it says how many of the subject it has not sent.
    const more = Number(headers?.get('Nats-Num-Pending') ?? 0) > 0;
    request.answer({ _tag: 'Read', messages: request.messages, more });
  } else if (status === NOT_FOUND) {
    request.answer({ _tag: 'Read', messages: request.messages, more: false });
  } else {
    request.answer({ _tag: 'Failed', why: `status ${status} ${headers?.description ?? ''}`.trim() });
  }
};
