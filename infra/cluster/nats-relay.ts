/** {@link Relay} over core NATS. */
import type { NatsConnection } from 'nats';
import type { Connectivity } from '../nats/connectivity.ts';
import { listen } from '../nats/listen.ts';
import type { Relay } from './relay.ts';

const PREFIX = 'kefu.relay.';

export class NatsRelay implements Relay {
  readonly #connection: NatsConnection;
  readonly #me: string;
  readonly #isAlone: () => boolean;
  readonly #connectivity: Connectivity;

  /** While `isAlone` says so there is nobody to tell. */
  constructor(connection: NatsConnection, connectivity: Connectivity, me: string, isAlone: () => boolean) {
    this.#connectivity = connectivity;
    this.#connection = connection;
    this.#me = me;
    this.#isAlone = isAlone;
  }

  onGap(listener: () => void): () => void {
    return this.#connectivity.listen({ lost: () => undefined, regained: listener });
  }

  tell(topic: string, message: unknown): void {
    if (this.#isAlone() || this.#connection.isClosed()) return;
    this.#connection.publish(PREFIX + topic, JSON.stringify({ from: this.#me, message }));
  }

  hear<M>(topic: string, take: (message: M) => void): () => void {
    const subscription = listen(this.#connection, PREFIX + topic, (heard) => {
      const { from, message } = heard.json<{ from: string; message: M }>();
      if (from !== this.#me) take(message);
    });
    return () => subscription.unsubscribe();
  }
}
