/**
 * The layout of the views in LMDB: one database whose keys are arrays, ordered element by element.
 *
 * | key | value |
 * | --- | --- |
 * | `[shard, 'head']` | `<generation> <checkpoint>` |
 * | `[shard, generation, 'by', list, score, member]` | empty |
 * | `[shard, generation, 'msg', tenant, session, seq]` | the message as JSON |
 * | `[shard, generation, 'row', tenant, session]` | the row as JSON |
 *
 * A shard that is cleared goes on under its next generation, so that what is left of the old one can be removed little by
 * little, without hurting what has been written since.
 */
import type { SessionRef } from '../../events/names.ts';
import type { ListName, Place } from '../../projections/orders.ts';

export type ViewKey = (string | number)[];

/** Where a shard stands. */
export interface Head {
  readonly generation: number;
  readonly checkpoint: number;
}

export const headKey = (shard: number): ViewKey => [shard, 'head'];

export const encodeHead = ({ generation, checkpoint }: Head): string => `${generation} ${checkpoint}`;

export const decodeHead = (value: string | undefined): Head => {
  const [generation = '1', checkpoint = '0'] = value?.split(' ') ?? [];
  return { generation: Number(generation), checkpoint: Number(checkpoint) };
};

export interface Range {
  readonly start: ViewKey;
  readonly end: ViewKey;
}

/** Behind every number. */
export const LAST = Number.POSITIVE_INFINITY;
/** Behind every string that a key begins with in its place. */
const LAST_TEXT = '\uffff';

/** Everything of the generations before this one. */
export const before = (shard: number, generation: number): Range => ({ start: [shard, 0], end: [shard, generation] });

/** The names of one generation of a shard. */
export class ViewKeys {
  readonly #shard: number;
  readonly #generation: number;

  constructor(shard: number, generation: number) {
    this.#shard = shard;
    this.#generation = generation;
  }

  row({ tenant, session }: SessionRef): ViewKey {
    return [this.#shard, this.#generation, 'row', tenant, session];
  }

  message({ tenant, session }: SessionRef, seq: number): ViewKey {
    return [this.#shard, this.#generation, 'msg', tenant, session, seq];
  }

  messages(ref: SessionRef): Range {
    return { start: this.message(ref, 0), end: this.message(ref, LAST) };
  }

  place({ list, score, member }: Place): ViewKey {
    return [this.#shard, this.#generation, 'by', list, score, member];
  }

  /** A list's places from a score back. */
  back(list: ListName, scoreMax: number): Range {
    const whole = [this.#shard, this.#generation, 'by', list];
    return { start: [...whole, scoreMax, LAST_TEXT], end: whole };
  }

  /** A list's places from a score on, up to another one, both included. */
  between(list: ListName, scoreMin: number, scoreMax: number): Range {
    const whole = [this.#shard, this.#generation, 'by', list];
    return { start: [...whole, scoreMin], end: [...whole, scoreMax, LAST_TEXT] };
  }

  all(kind: 'by' | 'msg' | 'row'): Range {
    const whole = [this.#shard, this.#generation, kind];
    return { start: whole, end: [...whole, LAST_TEXT] };
  }
}
