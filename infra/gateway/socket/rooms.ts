/** Who is in a session right now, for what is never stored. */
import { type Few, forEach, withOne, withoutOne } from '../../../actors/few.ts';
import type { Person } from '../../../events/facts.ts';
import type { SessionRef } from '../../../events/names.ts';
import type { Relay } from '../../cluster/relay.ts';
import type { Connection } from './connection.ts';

export interface Typing {
  readonly on: boolean;
  readonly author: Person;
}

/** A piece of the assistant's answer while it is being written. */
export interface Writing {
  readonly basedOn: number;
  readonly offset: number;
  readonly text: string;
}

const TYPING = 'typing';
const WRITING = 'writing';

export class Rooms {
  readonly #relay: Relay;
  readonly #rooms = new Map<string, Few<Connection>>();

  constructor(relay: Relay) {
    this.#relay = relay;
    relay.hear<{ ref: SessionRef; typing: Typing }>(TYPING, ({ ref, typing }) => this.#tell(ref, typing));
    relay.hear<{ ref: SessionRef; writing: Writing }>(WRITING, ({ ref, writing }) => this.#show(ref, writing));
  }

  enter(ref: SessionRef, connection: Connection): void {
    const key = keyOf(ref);
    this.#rooms.set(key, withOne(this.#rooms.get(key), connection));
  }

  leave(ref: SessionRef, connection: Connection): void {
    const key = keyOf(ref);
    const room = withoutOne(this.#rooms.get(key), connection);
    if (room === undefined) this.#rooms.delete(key);
    else this.#rooms.set(key, room);
  }

  /** Tells everyone in the session but the speaker, in this process and the others. */
  typing(ref: SessionRef, speaker: Connection, typing: Typing): void {
    this.#tell(ref, typing, speaker);
    this.#relay.tell(TYPING, { ref, typing });
  }

  /** Shows everyone in the session, in this process and the others, what the assistant is writing. */
  writing(ref: SessionRef, writing: Writing): void {
    this.#show(ref, writing);
    this.#relay.tell(WRITING, { ref, writing });
  }

  #show(ref: SessionRef, { basedOn, offset, text }: Writing): void {
    forEach(this.#rooms.get(keyOf(ref)), (connection) => {
      connection.send({ type: 'delta', session: ref.session, basedOn, text, offset });
    });
  }

  #tell(ref: SessionRef, { on, author }: Typing, except?: Connection): void {
    forEach(this.#rooms.get(keyOf(ref)), (connection) => {
      if (connection !== except) connection.send({ type: 'typing', session: ref.session, on, author });
    });
  }
}

const keyOf = ({ tenant, session }: SessionRef): string => `${tenant}/${session}`;
