/** What a batch does to one session's entries: everything encoded, nothing of it written yet. */
import { eachLine } from '../../projections/message-lines.ts';
import { placeChange } from '../../projections/orders.ts';
import type { RowChange } from '../../projections/view-store.ts';
import type { ViewKey, ViewKeys } from './view-keys.ts';

/** The keys depend on the shard's generation, which is only known inside the transaction. */
export interface ViewChange {
  readonly removed: (keys: ViewKeys) => readonly ViewKey[];
  readonly put: (keys: ViewKeys) => readonly (readonly [ViewKey, string])[];
}

/** LMDB has no score to change: a new score is another key, and the old one goes. */
export const viewChange = ({ before, after, messages }: RowChange): ViewChange => {
  const { left, entered } = placeChange(before, after);
  const row = JSON.stringify(after);
  const encoded = [...eachLine(messages)];
  return {
    removed: (keys) => left.map((place) => keys.place(place)),
    put: (keys) => [
      [keys.row(after), row],
      ...entered.map((place) => [keys.place(place), ''] as const),
      ...encoded.map(({ seq, json }) => [keys.message(after, seq), json] as const),
    ],
  };
};
