/** Whether the connection stands, for everyone who must not write into one that does not. */
import type { NatsConnection } from 'nats';

export interface ConnectivityListener {
  /** The connection is lost: whatever was sent and not answered may or may not have arrived. */
  lost(): void;
  /** There is a connection again. */
  regained(): void;
}

export class Connectivity {
  readonly #listeners = new Set<ConnectivityListener>();
  #up = true;

  constructor(connection: NatsConnection) {
    void this.#watch(connection);
  }

  get up(): boolean {
    return this.#up;
  }

  /** The answer stops it. */
  listen(listener: ConnectivityListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async #watch(connection: NatsConnection): Promise<void> {
    for await (const { type } of connection.status()) {
      if (type === 'disconnect') this.#turn(false);
      else if (type === 'reconnect') this.#turn(true);
      else if (type === 'close') break;
    }
    this.#turn(false);
  }

  #turn(up: boolean): void {
    this.#up = up;
    for (const listener of this.#listeners) {
      if (up) listener.regained();
      else listener.lost();
    }
  }
}
