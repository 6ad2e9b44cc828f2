/** Notices a connection that is dead without having been closed, as after sleep or a change of network. */
import type { Ambient } from './ambient.ts';

export const PING_EVERY_MS = 25_000;
export const SILENCE_MAX_MS = 10_000;

export class Heartbeat {
  readonly #ambient: Ambient;
  readonly #ping: () => void;
  readonly #dead: () => void;
  #cancelBeat: (() => void) | undefined;
  #cancelDeath: (() => void) | undefined;

  /** `ping` sends one; `dead` is told when nothing at all has come within 10 s after it. */
  constructor(ambient: Ambient, ping: () => void, dead: () => void) {
    this.#ambient = ambient;
    this.#ping = ping;
    this.#dead = dead;
  }

  start(): void {
    this.stop();
    this.#cancelBeat = this.#ambient.later(PING_EVERY_MS, () => this.beat());
  }

  /** Pings now, and every 25 s from now on. */
  beat(): void {
    this.start();
    this.#cancelDeath = this.#ambient.later(SILENCE_MAX_MS, this.#dead);
    this.#ping();
  }

  /** Any frame is a sign of life. */
  heard(): void {
    this.#cancelDeath?.();
    this.#cancelDeath = undefined;
  }

  stop(): void {
    this.heard();
    this.#cancelBeat?.();
    this.#cancelBeat = undefined;
  }
}
