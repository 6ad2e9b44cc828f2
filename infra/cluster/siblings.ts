/**
 * The other processes of the same port, as their primary tells of them. A socket can be given to one of them: the connection goes
 * to the primary and from there to whoever is to have it, with what has been read of it.
 */
import type { Handle } from '../handles.ts';

/** What goes with a connection: JSON, and the receiver's to understand. */
export type Luggage = Readonly<Record<string, unknown>>;

export interface Siblings {
  /** From now on this process is known by its id, and takes what others give it. */
  join(node: string, take: (handle: Handle, luggage: Luggage) => void): void;
  /** Whether a connection can be given to that process. */
  has(node: string): boolean;
  /** Calls back when this end of the connection may be closed, whether it has arrived or not. */
  give(node: string, handle: Handle, luggage: Luggage, done: () => void): void;
}

/** From a worker to its primary. */
export type ToPrimary = { readonly serves: string } | { readonly to: string; readonly luggage: Luggage };
/** From the primary to its workers. */
export type ToWorker = { readonly siblings: readonly string[] } | { readonly luggage: Luggage };

/** For a process that shares its port with nobody. */
export const noSiblings: Siblings = {
  join: () => undefined,
  has: () => false,
  give: (_node, _handle, _luggage, done) => done(),
};

/** The channel between two processes; handles travel over it in the form in which Node's own cluster deals connections. */
export interface Channel {
  send?(message: ToPrimary, handle?: unknown, options?: undefined, callback?: (error: Error | null) => void): unknown;
  on(event: 'message', listener: (message: unknown, handle: unknown) => void): unknown;
}

/** For a worker: its siblings are those that the primary names. */
export class WorkerSiblings implements Siblings {
  readonly #channel: Channel;
  #nodes: ReadonlySet<string> = new Set();

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  join(node: string, take: (handle: Handle, luggage: Luggage) => void): void {
    this.#channel.on('message', (message, handle) => {
      const told = message as ToWorker;
      if ('siblings' in told) this.#nodes = new Set(told.siblings.filter((each) => each !== node));
      // The client may have gone while the connection was on its way.
      else if ('luggage' in told && handle !== undefined) take(handle as Handle, told.luggage);
    });
    this.#channel.send?.({ serves: node });
  }

  has(node: string): boolean {
    return this.#nodes.has(node);
  }

  give(node: string, handle: Handle, luggage: Luggage, done: () => void): void {
    this.#channel.send?.({ to: node, luggage }, handle, undefined, done);
  }
}
