/** Tells the others that one is writing: not with every key, and no longer than one is. */
import { type Ambient, realAmbient } from '../../client/index.ts';

const REPEAT_AFTER_MS = 3_000;
const IDLE_AFTER_MS = 4_000;

export class TypingSignal {
  readonly #send: (on: boolean) => void;
  readonly #ambient: Ambient;
  #saidAtMs = Number.NEGATIVE_INFINITY;
  #cancelIdle: (() => void) | undefined;

  constructor(send: (on: boolean) => void, ambient: Ambient = realAmbient) {
    this.#send = send;
    this.#ambient = ambient;
  }

  /** A key was pressed. */
  typed(): void {
    const nowMs = this.#ambient.nowMs();
    if (nowMs - this.#saidAtMs >= REPEAT_AFTER_MS) {
      this.#saidAtMs = nowMs;
      this.#send(true);
    }
    this.#cancelIdle?.();
    this.#cancelIdle = this.#ambient.later(IDLE_AFTER_MS, () => this.stopped());
  }

  /** It was sent, or given up. */
  stopped(): void {
    this.#cancelIdle?.();
    this.#cancelIdle = undefined;
    if (this.#saidAtMs === Number.NEGATIVE_INFINITY) return;
    this.#saidAtMs = Number.NEGATIVE_INFINITY;
    this.#send(false);
  }
}
