/** Who is in a session right now, for what is never stored. */
import type { Person } from '../../../events/facts.ts';
import type { SessionRef } from '../../../events/names.ts';
import type { Relay } from '../../cluster/relay.ts';
import type { Connection } from './connection.ts';

export interface Typing {
  readonly on: boolean;
  readonly author: Person;
}

const TOPIC = 'typing';

export class Rooms {
  readonly #relay: Relay;
  readonly #rooms = new Map<string, Set<Connection>>();

  constructor(relay: Relay) {
    this.#relay = relay;
    relay.hear<{ ref: SessionRef; typing: Typing }>(TOPIC, ({ ref, typing }) => this.#tell(ref, typing));
  }

  enter(ref: SessionRef, connection: Connection): void {
    const key = keyOf(ref);
    const room = this.#rooms.get(key);
    if (room === undefined) this.#rooms.set(key, new Set([connection]));
    else room.add(connection);
  }

  leave(ref: SessionRef, connection: Connection): void {
    const key = keyOf(ref);
    const room = this.#rooms.get(key);
    room?.delete(connection);
    if (room?.size === 0) this.#rooms.delete(key);
  }

  /** Tells everyone in the session but the speaker, in this process and the others. */
  typing(ref: SessionRef, speaker: Connection, typing: Typing): void {
    this.#tell(ref, typing, speaker);
    this.#relay.tell(TOPIC, { ref, typing });
  }

  #tell(ref: SessionRef, { on, author }: Typing, except?: Connection): void {
    for (const connection of this.#rooms.get(keyOf(ref)) ?? [])
      if (connection !== except) connection.send({ type: 'typing', session: ref.session, on, author });
  }
}

const keyOf = ({ tenant, session }: SessionRef): string => `${tenant}/${session}`;
