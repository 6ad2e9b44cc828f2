/** What a view holds in a form that does not depend on who stores it, so that two stores can be compared byte for byte. */
import type { HistoryMessage } from '../events/frames.ts';
import type { Place } from './orders.ts';
import type { SessionRow } from './session-row.ts';

export type DumpEntry = readonly [key: string, value: string];

/** Digits of the greatest safe integer. */
const NUMBER_WIDTH = 16;

const padded = (value: number): string => String(value).padStart(NUMBER_WIDTH, '0');

export const rowEntry = (row: SessionRow): DumpEntry => [`row:${row.tenant}/${row.session}`, canonicalJson(row)];

/** `ref` is `<tenant>/<session>`. */
export const messageEntry = (ref: string, message: HistoryMessage): DumpEntry => [
  `msg:${ref}/${padded(message.seq)}`,
  canonicalJson(message),
];

export const placeEntry = ({ list, score, member }: Place): DumpEntry => [
  `by:${JSON.stringify([list, padded(score), member])}`,
  '',
];

/** The order of a dump: by UTF-16 code units. */
export const byKey = (a: DumpEntry, b: DumpEntry): number => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0);

/** `<tenant>/<session>` of every session, in the order in which their messages stand in a dump. */
export const inMessageOrder = (refs: readonly string[]): readonly string[] =>
  refs
    .map((ref) => `${ref}/`)
    .toSorted()
    .map((ref) => ref.slice(0, -1));

/** JSON with the keys of every object sorted; what is equal is written alike, in whatever order it was put together. */
const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_key, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
