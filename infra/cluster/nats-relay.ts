/** {@link Relay} over core NATS. */
import type { NatsConnection } from 'nats';
import type { Beat } from '../beat.ts';
import type { Connectivity } from '../nats/connectivity.ts';
import { listen } from '../nats/listen.ts';
import { Outgoing } from './outgoing.ts';
import type { Relay } from './relay.ts';

const PREFIX = 'kefu.relay.';

export class NatsRelay implements Relay {
  readonly #connection: NatsConnection;
  readonly #beat: Beat;
  readonly #me: string;
  readonly #isAlone: () => boolean;
  readonly #connectivity: Connectivity;
  /** By topic: what is said in this turn of the event loop. */
  readonly #saying = new Map<string, Outgoing>();

  /** While `isAlone` says so there is nobody to tell. */
  constructor(connection: NatsConnection, connectivity: Connectivity, beat: Beat, me: string, isAlone: () => boolean) {
    this.#connectivity = connectivity;
    this.#connection = connection;
    this.#beat = beat;
    this.#me = me;
    this.#isAlone = isAlone;
  }

  onGap(listener: () => void): () => void {
    return this.#connectivity.listen({ lost: () => undefined, regained: listener });
  }

  tell(topic: string, message: unknown): void {
    if (this.#isAlone()) return;
    if (this.#saying.size === 0) this.#beat.soon(this.#said);
    let saying = this.#saying.get(topic);
    if (saying === undefined) {
      // Who speaks stands where a reply would go to.
      saying = new Outgoing(this.#connection, this.#beat, PREFIX + topic, this.#me);
      this.#saying.set(topic, saying);
    }
    saying.add(JSON.stringify(message));
  }

  hear<M>(topic: string, take: (message: M) => void): () => void {
    const subscription = listen(this.#connection, PREFIX + topic, (heard) => {
      if (heard.reply !== this.#me) for (const message of heard.json<readonly M[]>()) take(message);
    });
    return () => subscription.unsubscribe();
  }

  /** There are as many topics as tenants, and few of them have anything to say at any moment. */
  readonly #said = (): void => this.#saying.clear();
}
