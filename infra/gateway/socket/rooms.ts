/** Who is in a session right now, for what is never stored. */
import type { SessionRef } from '../../../events/names.ts';
import type { Connection } from './connection.ts';

export class Rooms {
  readonly #rooms = new Map<string, Set<Connection>>();

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

  others(ref: SessionRef, connection: Connection): readonly Connection[] {
    return [...(this.#rooms.get(keyOf(ref)) ?? [])].filter((each) => each !== connection);
  }
}

const keyOf = ({ tenant, session }: SessionRef): string => `${tenant}/${session}`;
