/**
 * A session's memory of the commands it has carried out, so that a retry after hours, after failover and after passivation
 * gets the first answer. It is a fold of the facts, like the state. The newest `RECEIPTS_MAX` answers are kept; of older
 * commands only the key stays, so that they are refused and never run again.
 */
import type { Commit } from '../events/commit.ts';
import { personOf } from '../events/facts.ts';
import { RECEIPTS_MAX } from '../events/limits.ts';
import { type Key, keyOf, type Receipt, receiptOf } from './receipts.ts';

export type Remembered = Receipt | 'forgotten' | undefined;

/** A key with its receipt, to be stored: seq, Unix milliseconds, print and, where there is one, the message's id. */
export type ReceiptEntry = readonly [key: Key, seq: number, at: number, print: number, messageId?: string];

/** Everything that is remembered, in the order in which it came. */
export interface Memory {
  readonly recent: readonly ReceiptEntry[];
  /** Keys whose answers are forgotten. */
  readonly old: readonly Key[];
}

/** Numbers of one receipt in a row: key, seq, time, print. */
const WIDTH = 4;
const RECEIPTS_FIRST = 4;

/**
 * A thousand receipts for each of a hundred thousand sessions must neither fill the memory nor be looked through at every
 * collection of garbage: their numbers stand in one array, in a ring, and no receipt is an object until somebody asks.
 */
export class ReceiptMemory {
  /** In which place of the ring a key's receipt stands. */
  readonly #places = new Map<Key, number>();
  #numbers = new Float64Array(RECEIPTS_FIRST * WIDTH);
  readonly #messageIds: (string | undefined)[] = [];
  /** Place of the oldest receipt, which is the next to be forgotten once the ring is full. */
  #oldest = 0;
  readonly #old: Set<Key>;

  constructor({ recent, old }: Memory = { recent: [], old: [] }) {
    this.#old = new Set(old);
    for (const [key, seq, at, print, messageId] of recent) this.keep(key, { seq, at, print, messageId });
  }

  get memory(): Memory {
    const entries = [...this.#places].map(([key, place]): ReceiptEntry => {
      const { seq, at, print, messageId } = this.#at(place);
      return messageId === undefined ? [key, seq, at, print] : [key, seq, at, print, messageId];
    });
    return { recent: entries, old: [...this.#old] };
  }

  recall(key: Key): Remembered {
    const place = this.#places.get(key);
    if (place !== undefined) return this.#at(place);
    return this.#old.has(key) ? 'forgotten' : undefined;
  }

  /** Takes in a stored commit; several facts of one command leave one receipt, with the seq of the last. */
  remember(commit: Commit): void {
    commit.events.forEach((fact, index) => {
      const key = keyOf(personOf(fact), fact.clientId);
      const place = this.#places.get(key);
      const earlier = place === undefined ? undefined : this.#at(place);
      this.keep(key, receiptOf(fact, commit.seq + index, commit.at, earlier));
    });
  }

  /** Takes in the receipt of a command whose facts are stored. */
  keep(key: Key, { seq, at, print, messageId }: Receipt): void {
    const place = this.#places.get(key) ?? this.#newPlace(key);
    const first = place * WIDTH;
    this.#numbers[first] = key;
    this.#numbers[first + 1] = seq;
    this.#numbers[first + 2] = at;
    this.#numbers[first + 3] = print;
    this.#messageIds[place] = messageId;
  }

  #newPlace(key: Key): number {
    let place = this.#places.size;
    if (place === RECEIPTS_MAX) {
      place = this.#oldest;
      this.#oldest = (place + 1) % RECEIPTS_MAX;
      const forgotten = this.#numbers[place * WIDTH] ?? 0;
      this.#places.delete(forgotten);
      this.#old.add(forgotten);
    } else if (place * WIDTH === this.#numbers.length) {
      const grown = new Float64Array(this.#numbers.length * 2);
      grown.set(this.#numbers);
      this.#numbers = grown;
    }
    this.#places.set(key, place);
    return place;
  }

  #at(place: number): Receipt {
    const first = place * WIDTH;
    return {
      seq: this.#numbers[first + 1] ?? 0,
      at: this.#numbers[first + 2] ?? 0,
      print: this.#numbers[first + 3] ?? 0,
      messageId: this.#messageIds[place],
    };
  }
}
