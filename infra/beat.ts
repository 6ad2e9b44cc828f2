/**
 * What a message costs is wake-ups: of this process, of the kernel, and of whoever it talks to. So while there is traffic the
 * process works in beats. What a turn of the event loop leads to, to be sent to the log or to sockets, is sent at its end, and
 * then the thread sleeps for the rest of the beat instead of waking up for each frame that comes: the next turn finds them all.
 * What comes alone is not kept waiting, and a process that has too much to do does not sleep at all.
 *
 * A turn of the event loop lets in one connection, however many are at the door (libuv since 1.45). A crowd that came in one a
 * beat would wait for most of its time, so that as long as somebody comes in the turns follow each other within the beat.
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
  /** Somebody came in during this turn, and others may be at the door. */
  #isDoorOpen = false;

  /** With a beat of 0 ms the thread never sleeps here. */
  constructor(monotonicMs: Clock['monotonicMs'], beatMs: number) {
    this.#monotonicMs = monotonicMs;
    this.#beatMs = beatMs;
  }

  /** Does the task at the end of this turn of the event loop. */
  soon(task: Task): void {
    if (this.#tasks.push(task) === 1) setImmediate(this.#end);
  }

  /** A connection has come in. */
  cameIn(): void {
    this.#isDoorOpen = true;
  }

  readonly #end = (): void => {
    const isDoorOpen = this.#isDoorOpen;
    this.#isDoorOpen = false;
    if (isDoorOpen && this.#restMs() > 0) {
      setImmediate(this.#end);
      return;
    }
    const tasks = this.#tasks;
    this.#tasks = [];
    for (const task of tasks) task();
    if (this.#beatMs === 0) return;
    const restMs = this.#restMs();
    if (restMs >= SLEEP_MIN_MS) Atomics.wait(this.#never, 0, 0, restMs);
    this.#beganAt = this.#monotonicMs();
  };

  /** What is left of the beat. */
  #restMs(): number {
    return this.#beganAt + this.#beatMs - this.#monotonicMs();
  }
}
