/**
 * Whoever waits for an answer, each under a token: a ring, in which one stands at their token's remainder.
 *
 * A map would do, but whenever one has seen as many come and go as it has room for, V8 makes a new table and leaves the old one
 * pointing at it. Once one of these tables has grown old, all that wait whenever another is made are copied and kept until
 * everything is marked: two fifths of what outlived a collection of young garbage under load.
 */

interface Place<T> {
  readonly token: number;
  readonly waiting: T;
}

const PLACES_FIRST = 64;
/** Long before a token comes round again its first bearer is forgotten. */
const TOKEN_END = 2 ** 30;

export class Waiting<T> {
  /** As many places as a power of two. */
  #ring: (Place<T> | undefined)[] = places(PLACES_FIRST);
  #size = 0;
  #token = 0;

  get size(): number {
    return this.#size;
  }

  /** Everyone, as they are now; in no order to count on. */
  get all(): readonly Place<T>[] {
    return this.#size === 0 ? [] : this.#ring.filter((place) => place !== undefined);
  }

  /** The token that stands for it from now on: a small integer, never 0. */
  add(waiting: T): number {
    if (this.#size * 2 >= this.#ring.length) this.#grow();
    // Past whoever waits for long: every other place is free.
    do this.#token = (this.#token % (TOKEN_END - 1)) + 1;
    while (this.#ring[this.#placeOf(this.#token)] !== undefined);
    this.#ring[this.#placeOf(this.#token)] = { token: this.#token, waiting };
    this.#size += 1;
    return this.#token;
  }

  get(token: number): T | undefined {
    const place = this.#ring[this.#placeOf(token)];
    return place?.token === token ? place.waiting : undefined;
  }

  forget(token: number): void {
    const at = this.#placeOf(token);
    if (this.#ring[at]?.token !== token) return;
    this.#ring[at] = undefined;
    this.#size -= 1;
  }

  #placeOf(token: number): number {
    return token & (this.#ring.length - 1);
  }

  /** Those who stand apart go on doing so where there are twice as many places. */
  #grow(): void {
    const all = this.all;
    this.#ring = places(this.#ring.length * 2);
    for (const place of all) this.#ring[this.#placeOf(place.token)] = place;
  }
}

const places = <T>(count: number): (Place<T> | undefined)[] => Array.from({ length: count });
