/** Everything a shard holds in LMDB, in the form in which stores are compared. */
import type { Database } from 'lmdb';
import type { HistoryMessage } from '../../events/frames.ts';
import type { SessionRow } from '../../projections/session-row.ts';
import {
  byKey,
  type DumpEntry,
  inMessageOrder,
  messageEntry,
  placeEntry,
  rowEntry,
} from '../../projections/view-dump.ts';
import type { ViewKey, ViewKeys } from './view-keys.ts';

export function* dumpViews(db: Database<string, ViewKey>, keys: ViewKeys): Generator<DumpEntry> {
  yield* [...db.getKeys(keys.all('by'))].map(placeOf).toSorted(byKey);
  const refs = new Set([...db.getKeys(keys.all('msg'))].map(([, , , tenant, session]) => `${tenant}/${session}`));
  for (const ref of inMessageOrder([...refs])) {
    const [tenant = '', session = ''] = ref.split('/');
    for (const { value } of db.getRange(keys.messages({ tenant, session })))
      yield messageEntry(ref, JSON.parse(value) as HistoryMessage);
  }
  yield* [...db.getRange(keys.all('row'))]
    .map(({ value }) => rowEntry(JSON.parse(value) as SessionRow))
    .toSorted(byKey);
}

const placeOf = ([, , , list, score, member]: ViewKey): DumpEntry =>
  placeEntry({ list: String(list), score: Number(score), member: String(member) });
