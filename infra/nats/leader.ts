/** What only the stream's leader may answer: a replica can be behind, and what is decided here must not be. */
import { JetStreamApiError, type JetStreamManager, type MsgRequest } from '@nats-io/jetstream';
import { LogWentBack } from '../log-went-back.ts';
import { STREAM } from './stream.ts';

export interface LeaderMessage {
  readonly position: number;
  readonly subject: string;
  readonly body: string;
}

export class Leader {
  readonly #manager: JetStreamManager;
  readonly #stream: string;
  #seen = 0;
  #asking: Promise<number> | undefined;
  #asked = Promise.resolve(0);

  constructor(manager: JetStreamManager, stream = STREAM) {
    this.#manager = manager;
    this.#stream = stream;
  }

  /** The greatest position that this process has been told of. */
  get seen(): number {
    return this.#seen;
  }

  /** Takes note of a position that was acknowledged or read. */
  saw(position: number): void {
    if (position > this.#seen) this.#seen = position;
  }

  /** The stream's last position, asked for after the call. Callers that come together share one question. */
  last(): Promise<number> {
    // The question under way may have been answered before this call, so it takes the one after it.
    this.#asking ??= this.#asked
      .catch(() => 0)
      .then(() => {
        this.#asking = undefined;
        this.#asked = this.#ask();
        return this.#asked;
      });
    return this.#asking;
  }

  /** The first message behind a position on a subject, which may hold wildcards. */
  async firstBehind(position: number, subject: string): Promise<LeaderMessage | undefined> {
    // The server takes `next_by_subj` here since 2.9; the client's types know it for direct reads only.
    const query = { seq: position + 1, next_by_subj: subject } as MsgRequest;
    const found = await this.#manager.streams.getMessage(this.#stream, query);
    return found === null ? undefined : { position: found.seq, subject: found.subject, body: found.string() };
  }

  /** The message at a position. */
  async at(position: number): Promise<LeaderMessage | undefined> {
    const found = await this.#manager.streams.getMessage(this.#stream, { seq: position });
    return found === null ? undefined : { position: found.seq, subject: found.subject, body: found.string() };
  }

  async #ask(): Promise<number> {
    const seen = this.#seen;
    const { state } = await this.#manager.streams.info(this.#stream);
    if (state.last_seq < seen) throw new LogWentBack(`the stream ${this.#stream}`, seen, state.last_seq);
    this.saw(state.last_seq);
    return state.last_seq;
  }
}

const STREAM_NOT_FOUND = 10059;

/** Whether asking again is pointless, because the log itself is gone or was never this one. */
export const isLost = (error: unknown): boolean =>
  error instanceof LogWentBack || (error instanceof JetStreamApiError && error.code === STREAM_NOT_FOUND);
