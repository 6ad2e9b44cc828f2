/**
 * What a message costs is wake-ups: of this process, of the kernel, and of whoever it talks to. So while there is traffic the
 * process works in beats. What a turn of the event loop leads to, to be sent to the log or to sockets, is sent at its end, and
 * then the thread sleeps for the rest of the beat instead of waking up for each frame that comes: the next turn finds them all.
 * What comes alone is not kept waiting, and a process that has too much to do does not sleep at all.
 */
import type { Clock } from './clock.ts';

type Task = () => void;

/** Sleeps shorter than this gather nothing, in milliseconds. */
const SLEEP_MIN_MS = 0.25;

export class Beat {
  readonly #monotonicMs: Clock['monotonicMs'];
  readonly #beatMs: number;
  /** Nobody ever wakes whoever waits on it. */
  readonly #never = new Int32Array(new SharedArrayBuffer(4));
  #tasks: Task[] = [];
  #beganAt = Number.NEGATIVE_INFINITY;

  /** With a beat of 0 ms the thread never sleeps here. */
  constructor(monotonicMs: Clock['monotonicMs'], beatMs: number) {
    this.#monotonicMs = monotonicMs;
    this.#beatMs = beatMs;
  }

  /** Does the task at the end of this turn of the event loop. */
  soon(task: Task): void {
    if (this.#tasks.push(task) === 1) setImmediate(this.#end);
  }

  readonly #end = (): void => {
    const tasks = this.#tasks;
    this.#tasks = [];
    for (const task of tasks) task();
    if (this.#beatMs === 0) return;
    const restMs = this.#beganAt + this.#beatMs - this.#monotonicMs();
    if (restMs >= SLEEP_MIN_MS) Atomics.wait(this.#never, 0, 0, restMs);
    this.#beganAt = this.#monotonicMs();
  };
}
