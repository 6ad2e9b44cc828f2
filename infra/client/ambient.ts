/** The client's only door to clock, chance and timers, so that a test can bring its own. */

export interface Ambient {
  /** Unix milliseconds. */
  nowMs(): number;
  /** At least 0, less than 1. */
  random(): number;
  /** An id nobody can guess: 192 random bits in 32 characters of A-Z a-z 0-9 _ -. */
  randomId(): string;
  /** Runs once after `delayMs`; the returned function calls it off. */
  later(delayMs: number, run: () => void): () => void;
  /** Runs each time the machine gets its network back, where the platform can tell; the returned function ends it. */
  onOnline(run: () => void): () => void;
}

const ID_BYTES = 24;
const ID_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-';

/** `crypto.randomUUID` is missing on pages served without TLS; this is not. */
const randomId = (): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(ID_BYTES));
  let id = '';
  for (let at = 0; at < ID_BYTES; at += 3) {
    const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    for (const shift of [18, 12, 6, 0]) id += ID_LETTERS[(group >> shift) & 63];
  }
  return id;
};

/** What a browser's window has and Node's global has not. */
interface Listening {
  addEventListener?(type: string, listener: () => void): void;
  removeEventListener?(type: string, listener: () => void): void;
}

const onOnline = (run: () => void): (() => void) => {
  const window = globalThis as Listening;
  window.addEventListener?.('online', run);
  return () => window.removeEventListener?.('online', run);
};

/** The real world. */
export const realAmbient: Ambient = {
  nowMs: () => Date.now(),
  random: () => Math.random(),
  randomId,
  later: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
  onOnline,
};
