/** One signal for two reasons to stop. */
import { setMaxListeners } from 'node:events';

export interface JoinedSignal {
  readonly signal: AbortSignal;
  /** To be called when nobody listens any more: the long-lived one of the two must not gather listeners. */
  readonly release: () => void;
}

/**
 * Raised as soon as either is. `AbortSignal.any` would do, but in Node 20 each call leaves something behind on a signal that
 * lives as long as the process.
 */
export const joinSignals = (lasting: AbortSignal, other: AbortSignal | undefined): JoinedSignal => {
  if (other === undefined) return { signal: lasting, release: () => undefined };
  const joined = new AbortController();
  const raise = (): void => joined.abort();
  if (lasting.aborted || other.aborted) raise();
  // As many listen as there are readers, and each lets go: no leak to be warned of.
  setMaxListeners(0, lasting);
  lasting.addEventListener('abort', raise, { once: true });
  other.addEventListener('abort', raise, { once: true });
  return {
    signal: joined.signal,
    release: () => {
      lasting.removeEventListener('abort', raise);
      other.removeEventListener('abort', raise);
    },
  };
};
