/** What speaks for an entry being what was asked for, and what for none being so: numbers that a model weighs. */
import type { Analysis, Unit } from './analysis.ts';
import type { Indexed } from './entry-index.ts';
import { OPPOSED } from './thesaurus.ts';

/** How rare a form is in the knowledge base at hand: the more, the rarer; `undefined` where it has no such form. */
export type Rarity = (form: string) => number | undefined;

export interface Asked {
  readonly analysis: Analysis;
  /** A weight for each unit. */
  readonly weights: readonly number[];
  readonly total: number;
  readonly language: string;
}

/** What the same meaning in another word counts beside the word itself. */
const GROUP_CREDIT = 0.9;
/** What a meaning that lies near counts. */
const NEAR_CREDIT = 0.4;
const CHARACTER_CREDIT = 0.45;
const ANSWER_CREDIT = 0.5;

export const ENTRY_EVIDENCE = [
  'agreement',
  'agreementSquared',
  'covered',
  'fulfilled',
  'coveredByAll',
  'groupsShared',
  'groupsElse',
  'rank',
  'otherLanguage',
  'sameAspect',
  'otherAspect',
  'opposed',
  'weightShared',
] as const;

export const NONE_EVIDENCE = ['always', 'unknown', 'weight', 'elsewhere', 'short', 'elsewhereUnknown'] as const;

export const weigh = (units: readonly Unit[], rarity: Rarity, unknown: number): readonly number[] =>
  units.map((unit) => unit.share * (rarityOf(unit, rarity) ?? unknown));

/** A unit is as rare as its most usual form: the word may be new where its meaning is not. */
export const rarityOf = ({ words, groups }: Unit, rarity: Rarity): number | undefined => {
  let least: number | undefined;
  for (const forms of [words, groups])
    for (const form of forms) {
      const each = rarity(form);
      if (each !== undefined && (least === undefined || each < least)) least = each;
    }
  return least;
};

/** `rank` is the index's score beside that of its first. */
export const entryEvidence = (
  asked: Asked,
  { entry, wordings, asked: all, answered }: Indexed,
  rank: number,
  rarity: Rarity,
  unknown: number,
): readonly number[] => {
  const { analysis } = asked;
  let best = { agreement: 0, covered: 0, fulfilled: 0, wording: wordings[0] };
  for (const wording of wordings) {
    const covered = coverage(analysis.units, asked.weights, wording.forms);
    const fulfilled = coverage(wording.units, weigh(wording.units, rarity, unknown), analysis.forms);
    const agreement = covered + fulfilled === 0 ? 0 : (2 * covered * fulfilled) / (covered + fulfilled);
    if (agreement > best.agreement) best = { agreement, covered, fulfilled, wording };
  }
  const byAll = coverage(analysis.units, asked.weights, all, answered);
  const groups = best.wording?.groups ?? new Set<string>();
  const isSameAspect = analysis.aspects.some((aspect) => all.has(aspect));
  const theirAspects = best.wording?.aspects ?? [];
  return [
    best.agreement,
    best.agreement ** 2,
    best.covered,
    best.fulfilled,
    byAll,
    shareOf(analysis.groups, all, rarity, unknown),
    1 - shareOf(groups, analysis.groups, rarity, unknown),
    rank,
    languageOf(entry.lang) === asked.language ? 0 : 1,
    isSameAspect ? 1 : 0,
    analysis.aspects.length > 0 && theirAspects.length > 0 && !isSameAspect ? 1 : 0,
    OPPOSED.some(
      ([one, other]) => isOpposed(analysis.groups, all, one, other) || isOpposed(analysis.groups, all, other, one),
    )
      ? 1
      : 0,
    Math.log1p(best.covered * asked.total),
  ];
};

export const noneEvidence = ({ analysis, weights, total }: Asked, rarity: Rarity): readonly number[] => {
  let unknown = 0;
  analysis.units.forEach((unit, at) => {
    if (rarityOf(unit, rarity) === undefined) unknown += weights[at] ?? 0;
  });
  const part = total === 0 ? 0 : unknown / total;
  const elsewhere = analysis.elsewhere.some((forms) => forms.every((form) => rarity(form) === undefined)) ? 1 : 0;
  return [1, part, Math.log1p(total), elsewhere, size(analysis) <= 1 ? 1 : 0, elsewhere * part];
};

export const languageOf = (tag: string): string => tag.toLowerCase().split(/[-_]/, 1)[0] ?? '';

const size = ({ units }: Analysis): number => units.reduce((sum, { share }) => sum + share, 0);

const isOpposed = (mine: ReadonlySet<string>, theirs: ReadonlySet<string>, one: string, other: string): boolean =>
  mine.has(`#${one}`) && !mine.has(`#${other}`) && theirs.has(`#${other}`) && !theirs.has(`#${one}`);

/** How much of the units' weight the forms account for. */
const coverage = (
  units: readonly Unit[],
  weights: readonly number[],
  forms: ReadonlySet<string>,
  answered?: ReadonlySet<string>,
): number => {
  let sum = 0;
  let total = 0;
  units.forEach((unit, at) => {
    const weight = weights[at] ?? 0;
    total += weight;
    sum += weight * Math.max(credit(unit, forms), answered === undefined ? 0 : ANSWER_CREDIT * credit(unit, answered));
  });
  return total === 0 ? 0 : sum / total;
};

const credit = ({ words, groups, near, character }: Unit, forms: ReadonlySet<string>): number => {
  for (const word of words) if (forms.has(word)) return 1;
  for (const group of groups) if (forms.has(group)) return GROUP_CREDIT;
  const ofCharacter = character !== undefined && forms.has(character) ? CHARACTER_CREDIT : 0;
  for (const group of near) if (forms.has(group)) return Math.max(ofCharacter, NEAR_CREDIT);
  return ofCharacter;
};

const shareOf = (groups: ReadonlySet<string>, forms: ReadonlySet<string>, rarity: Rarity, unknown: number): number => {
  let shared = 0;
  let total = 0;
  for (const group of groups) {
    const weight = rarity(group) ?? unknown;
    total += weight;
    if (forms.has(group)) shared += weight;
  }
  return total === 0 ? 0 : shared / total;
};
