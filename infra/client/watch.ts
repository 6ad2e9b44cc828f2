/** One live list of sessions, for staff. */
import type { ServerFrameOf, SessionView } from '../../events/frames.ts';
import type { Status } from '../../events/names.ts';
import type { Ambient } from './ambient.ts';
import { unavailableDelayMs } from './backoff.ts';
import { KefuRefusal } from './errors.ts';

export interface WatchQuery {
  readonly status?: Status;
  readonly assignee?: string;
  /** How many of the sessions that match already are given, newest activity first; at most 200. */
  readonly limit?: number;
}

export interface WatchListener {
  /**
   * A session that matches, or one that matched until now: its fields tell. Also the sessions that match already when the
   * watch begins, and all of them once more after a reconnect.
   */
  readonly onSession: (view: SessionView) => void;
  /** The sessions that match already follow now, for the first time or once more; what was shown may be out of date. */
  readonly onBegin?: () => void;
  /** They have all been given; from here on come changes. */
  readonly onWatching?: () => void;
  /** The server does not let this client watch. Nothing more comes. */
  readonly onRefused?: (refusal: KefuRefusal) => void;
}

export interface WatchOptions {
  readonly id: string;
  readonly query: WatchQuery;
  readonly listener: WatchListener;
  readonly ambient: Ambient;
  /** False when there is no open socket. */
  readonly send: (watch: Watch) => boolean;
}

export class Watch {
  readonly #options: WatchOptions;
  #unavailable = 0;
  #cancelRetry: (() => void) | undefined;

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  get id(): string {
    return this.#options.id;
  }

  get query(): WatchQuery {
    return this.#options.query;
  }

  begin(): void {
    if (this.#options.send(this)) this.#options.listener.onBegin?.();
  }

  lost(): void {
    this.#cancelRetry?.();
  }

  inbox({ type: _type, id: _id, ...view }: ServerFrameOf<'inbox'>): void {
    this.#options.listener.onSession(view);
  }

  watching(): void {
    this.#unavailable = 0;
    this.#options.listener.onWatching?.();
  }

  refused(refusal: ServerFrameOf<'refused'>): void {
    if (refusal.code !== 'unavailable') {
      this.#options.listener.onRefused?.(new KefuRefusal(refusal));
      return;
    }
    const { ambient } = this.#options;
    this.#cancelRetry = ambient.later(unavailableDelayMs(this.#unavailable, ambient), () => this.begin());
    this.#unavailable += 1;
  }
}
