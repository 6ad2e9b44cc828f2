/** How well a knowledge base answers, by questions of which it is known what they ask for. */
import { orNull, struct, type TypeOf, text } from '../../../events/codec.ts';
import { EntryId } from '../../../events/knowledge.ts';
import { TEXT_CHARS_MAX } from '../../../events/limits.ts';
import { findingOf } from '../finding.ts';
import type { Finding, Thresholds } from '../knowledge-base.ts';

/** `expect` is the entry that answers it, `null` where none does. */
export const Query = struct({ text: text(TEXT_CHARS_MAX), expect: orNull(EntryId) }, { lang: text(35) });
export type Query = TypeOf<typeof Query>;

/** An entry that came near, with its confidence. */
export interface Near {
  readonly id: string;
  readonly confidence: number;
}

/** One question, with the entries that came nearest to it, likeliest first. */
export interface Judged {
  readonly query: Query;
  readonly nearest: readonly Near[];
}

/** Shares from 0 to 1. Inside are the questions that an entry answers, outside those that none does. */
export interface Figures {
  readonly inside: number;
  readonly outside: number;
  /** Of those inside: answered with the right entry, and with another. */
  readonly right: number;
  readonly wrong: number;
  /** Of those inside: answered with the right entry, or with that entry among those offered. */
  readonly reached: number;
  /** Of those outside: answered as if known, and offered something. */
  readonly outsideAnswered: number;
  readonly outsideOffered: number;
  /** Of all: answered at all. */
  readonly coverage: number;
}

export const figuresOf = (judged: readonly Judged[], thresholds: Thresholds): Figures => {
  const inside = judged.filter(({ query }) => query.expect !== null);
  const outside = judged.filter(({ query }) => query.expect === null);
  const isAnswered = (each: Judged): boolean => found(each, thresholds)._tag === 'Sure';
  const isOffered = (each: Judged): boolean => found(each, thresholds)._tag === 'Unsure';
  return {
    inside: inside.length,
    outside: outside.length,
    right: share(inside, (each) => isAnswered(each) && isFirst(each)),
    wrong: share(inside, (each) => isAnswered(each) && !isFirst(each)),
    reached: share(inside, (each) => isReached(each, thresholds)),
    outsideAnswered: share(outside, isAnswered),
    outsideOffered: share(outside, isOffered),
    coverage: share(judged, isAnswered),
  };
};

/** Answered, and should not have been, or not so: the surest first. */
export const mistakesOf = (judged: readonly Judged[], thresholds: Thresholds): readonly Judged[] =>
  judged
    .filter((each) => found(each, thresholds)._tag === 'Sure' && !isFirst(each))
    .toSorted((one, other) => confidenceOf(other) - confidenceOf(one));

/** Neither answered nor offered, though an entry would have answered it. */
export const missesOf = (judged: readonly Judged[], thresholds: Thresholds): readonly Judged[] =>
  judged.filter(
    (each) => each.query.expect !== null && found(each, thresholds)._tag !== 'Sure' && !isReached(each, thresholds),
  );

export const confidenceOf = ({ nearest }: Judged): number => nearest[0]?.confidence ?? 0;

const isFirst = ({ query, nearest }: Judged): boolean => nearest[0]?.id === query.expect;

/** As the assistant does. */
const found = ({ nearest }: Judged, thresholds: Thresholds): Finding<Near> => findingOf(nearest, thresholds);

const isReached = (each: Judged, thresholds: Thresholds): boolean => {
  const finding = found(each, thresholds);
  if (finding._tag === 'Sure') return isFirst(each);
  return finding._tag === 'Unsure' && finding.choices.some(({ id }) => id === each.query.expect);
};

const share = (among: readonly Judged[], is: (each: Judged) => boolean): number =>
  among.length === 0 ? 0 : among.filter(is).length / among.length;
