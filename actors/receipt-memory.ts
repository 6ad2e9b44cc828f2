/**
 * A session's memory of the commands it has carried out, so that a retry after hours, after failover and after passivation
 * gets the first answer. It is a fold of the facts, like the state. The newest `RECEIPTS_MAX` answers are kept; of older
 * commands only the key stays, so that they are refused and never run again.
 */
import type { Commit } from '../events/commit.ts';
import { personOf } from '../events/facts.ts';
import { highOf, idOf, lowOf } from '../events/ids.ts';
import { RECEIPTS_MAX } from '../events/limits.ts';
import { KeyedRing } from './keyed-ring.ts';
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

/** Numbers of one receipt: seq, time, print, and the two halves of the message's id. */
const WIDTH = 5;
/** In the place of the id's first half: there is no message. */
const NO_MESSAGE = -1;
/** In the place of the id's first half: it is none of Kefu's own, and stands beside. */
const FOREIGN = -2;

/**
 * A thousand receipts for each of a thousand sessions must not be a million objects for the collector to walk: their numbers
 * stand in one array a session, and nothing of a receipt is an object until somebody asks.
 */
export class ReceiptMemory {
  readonly #recent = new KeyedRing(WIDTH, RECEIPTS_MAX);
  /** Message ids that are no ids as Kefu prints them, by place in the ring. */
  #foreignIds: Map<number, string> | undefined;
  #old: Set<Key> | undefined;

  constructor({ recent, old }: Memory = { recent: [], old: [] }) {
    if (old.length > 0) this.#old = new Set(old);
    for (const [key, seq, at, print, messageId] of recent) this.keep(key, { seq, at, print, messageId });
  }

  get memory(): Memory {
    const recent = this.#recent.places().map((place): ReceiptEntry => {
      const key = this.#recent.keyAt(place);
      const { seq, at, print, messageId } = this.#at(place);
      return messageId === undefined ? [key, seq, at, print] : [key, seq, at, print, messageId];
    });
    return { recent, old: [...(this.#old ?? [])] };
  }

  recall(key: Key): Remembered {
    const place = this.#recent.placeOf(key);
    if (place >= 0) return this.#at(place);
    return this.#old?.has(key) === true ? 'forgotten' : undefined;
  }

  /** Takes in a stored commit; several facts of one command leave one receipt, with the seq of the last. */
  remember(commit: Commit): void {
    commit.events.forEach((fact, index) => {
      const key = keyOf(personOf(fact), fact.clientId);
      const place = this.#recent.placeOf(key);
      const earlier = place < 0 ? undefined : this.#at(place);
      this.keep(key, receiptOf(fact, commit.seq + index, commit.at, earlier));
    });
  }

  /** Takes in the receipt of a command whose facts are stored. */
  keep(key: Key, { seq, at, print, messageId }: Receipt): void {
    let place = this.#recent.placeOf(key);
    if (place < 0) {
      const forgotten = this.#recent.next();
      if (forgotten !== undefined) {
        this.#old ??= new Set();
        this.#old.add(forgotten);
      }
      place = this.#recent.add(key);
    }
    this.#recent.set(place, 0, seq);
    this.#recent.set(place, 1, at);
    this.#recent.set(place, 2, print);
    this.#setMessage(place, messageId);
  }

  #setMessage(place: number, messageId: string | undefined): void {
    const high = messageId === undefined ? NO_MESSAGE : highOf(messageId);
    if (messageId === undefined || high >= 0) {
      this.#recent.set(place, 3, high);
      this.#recent.set(place, 4, messageId === undefined ? 0 : lowOf(messageId));
      return;
    }
    this.#recent.set(place, 3, FOREIGN);
    this.#foreignIds ??= new Map();
    this.#foreignIds.set(place, messageId);
  }

  #messageAt(place: number): string | undefined {
    const high = this.#recent.get(place, 3);
    if (high === NO_MESSAGE) return undefined;
    return high === FOREIGN ? this.#foreignIds?.get(place) : idOf(high, this.#recent.get(place, 4));
  }

  #at(place: number): Receipt {
    const ring = this.#recent;
    return {
      seq: ring.get(place, 0),
      at: ring.get(place, 1),
      print: ring.get(place, 2),
      messageId: this.#messageAt(place),
    };
  }
}
