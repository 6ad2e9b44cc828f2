/** The one place that knows io-ts: what a value must look like, and where it does not. */
import { type Either, isRight, left, right } from 'fp-ts/lib/Either.js';
import type { NonEmptyArray } from 'fp-ts/lib/NonEmptyArray.js';
import * as t from 'io-ts';

export type { Decoder, Mixed, TypeOf } from 'io-ts';

/** Where a value breaks which rule. Never holds the value itself: what people wrote must not reach a log. */
export interface Flaw {
  /** Dotted path from the root, `''` for the root itself. */
  readonly path: string;
  /** The rule in words, such as `text of 1 to 8000 characters`. */
  readonly expected: string;
}

/** The part of JSON Schema 2020-12 that Kefu's specifications use. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** A codec whose rule is told in words and as JSON Schema, for error messages and specifications alike. */
export class Constrained<A> extends t.Type<A> {
  readonly schema: JsonSchema;

  constructor(expected: string, schema: JsonSchema, is: (value: unknown) => value is A) {
    super(expected, is, (value, context) => (is(value) ? t.success(value) : t.failure(value, context)), t.identity);
    this.schema = schema;
  }
}

const anObject = new Constrained<string>('a JSON object', {}, (_value): _value is string => false);

/** One of several structs told apart by the literal under `tag`; decoding looks only at the one that is meant. */
export class Tagged<A> extends t.Type<A> {
  readonly tag: string;
  readonly members: Readonly<Record<string, t.Mixed>>;

  constructor(name: string, tag: string, members: Readonly<Record<string, t.Mixed>>) {
    const table = new Map(Object.entries(members));
    const names = `one of ${[...table.keys()].join(', ')}`;
    const expectedTag = new Constrained<string>(names, {}, (_value): _value is string => false);
    const memberFor = (value: unknown): t.Mixed | undefined =>
      isRecord(value) && typeof value[tag] === 'string' ? table.get(value[tag]) : undefined;
    super(
      name,
      (value): value is A => memberFor(value)?.is(value) ?? false,
      (value, context) => {
        const member = memberFor(value);
        if (member !== undefined) return member.validate(value, withType(context, member)) as t.Validation<A>;
        if (!isRecord(value)) return t.failure(value, withType(context, anObject));
        return t.failure(value[tag], [...context, { key: tag, type: expectedTag, actual: value[tag] }]);
      },
      t.identity as t.Encode<A, unknown> as t.Encode<A, A>,
    );
    this.tag = tag;
    this.members = members;
  }
}

/** The context of a value that turns out to be of a narrower type than its place says. */
const withType = (context: t.Context, type: t.Mixed): t.Context => [
  ...context.slice(0, -1),
  { key: context.at(-1)?.key ?? '', type },
];

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A struct with required and optional keys; unknown keys are dropped, so that a newer client can talk to an older server. */
export function struct<R extends t.Props>(required: R): t.ExactC<t.TypeC<R>>;
export function struct<R extends t.Props, O extends t.Props>(
  required: R,
  optional: O,
): t.ExactC<t.IntersectionC<[t.TypeC<R>, t.PartialC<O>]>>;
export function struct(required: t.Props, optional?: t.Props): t.Mixed {
  return optional === undefined
    ? t.exact(t.type(required))
    : t.exact(t.intersection([t.type(required), t.partial(optional)]));
}

/** The union of the given structs, keyed by the literal of their `type`. */
export const tagged = <M extends Record<string, t.Mixed>>(name: string, members: M): Tagged<t.TypeOf<M[keyof M]>> =>
  new Tagged(name, 'type', members);

/** Text of `min` to `max` UTF-16 units; a lone surrogate is refused, because it has no UTF-8 form to store. */
export const text = (max: number, min = 1): Constrained<string> =>
  new Constrained(
    `text of ${min} to ${max} characters, well-formed Unicode`,
    { type: 'string', minLength: min, maxLength: max },
    (value): value is string =>
      typeof value === 'string' && value.length >= min && value.length <= max && isWellFormed(value),
  );

/** `String.prototype.isWellFormed`, typed for the library level that Node 20 ships. */
export const isWellFormed = (value: string): boolean => (value as string & { isWellFormed(): boolean }).isWellFormed();

/** A string that matches `pattern`, which must be anchored. */
export const matching = (pattern: RegExp, expected: string): Constrained<string> =>
  new Constrained(
    expected,
    { type: 'string', pattern: pattern.source },
    (value): value is string => typeof value === 'string' && pattern.test(value),
  );

/** An integer from `min` to `max`, both included. */
export const integer = (min: number, max: number = Number.MAX_SAFE_INTEGER): Constrained<number> =>
  new Constrained(
    max === Number.MAX_SAFE_INTEGER ? `an integer of at least ${min}` : `an integer from ${min} to ${max}`,
    { type: 'integer', minimum: min, maximum: max },
    (value): value is number => Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max,
  );

/** An integer written in decimal digits, as a query string has it. */
export class Digits extends t.Type<number, string, unknown> {
  readonly schema: JsonSchema;

  constructor(min: number, max: number) {
    const number = integer(min, max);
    super(
      number.name,
      (value): value is number => number.is(value),
      (value, context) => {
        const parsed = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : Number.NaN;
        return number.is(parsed) ? t.success(parsed) : t.failure(value, context, number.name);
      },
      String,
    );
    this.schema = number.schema;
  }
}
export const digits = (min: number, max: number = Number.MAX_SAFE_INTEGER): Digits => new Digits(min, max);

/** A number from `min` to `max`, both included. */
export const fraction = (min: number, max: number): Constrained<number> =>
  new Constrained(
    `a number from ${min} to ${max}`,
    { type: 'number', minimum: min, maximum: max },
    (value): value is number => typeof value === 'number' && value >= min && value <= max,
  );

/** A list of `min` to `max` of the same. */
export class ListOf<A> extends t.ArrayType<t.Type<A>, A[], A[], unknown> {
  readonly bounds: JsonSchema;
  readonly fits: (value: readonly unknown[]) => boolean;

  constructor(each: t.Type<A>, max: number, min: number) {
    const list = t.array(each);
    const name = `a list of ${min} to ${max}`;
    const fits = (value: readonly unknown[]): boolean => value.length >= min && value.length <= max;
    super(
      name,
      (value): value is A[] => list.is(value) && fits(value),
      (value, context) =>
        Array.isArray(value) && fits(value as A[]) ? list.validate(value, context) : t.failure(value, context),
      list.encode,
      each,
    );
    this.bounds = { minItems: min, maxItems: max };
    this.fits = fits;
  }
}
export const listOf = <A>(each: t.Type<A>, max: number, min = 0): ListOf<A> => new ListOf(each, max, min);

/** One of the given words. */
export const oneOf = <A extends string>(...words: readonly A[]): Constrained<A> =>
  new Constrained(`one of ${words.join(', ')}`, { type: 'string', enum: words }, (value): value is A =>
    (words as readonly unknown[]).includes(value),
  );

export const yesOrNo = t.boolean;
/** Any text at all. */
export const anyText = t.string;
/** An object with any keys. */
export const anyObject = t.UnknownRecord;

export const orNull = <A>(codec: t.Type<A>): t.Type<A | null> => t.union([codec, t.null]);
/** The key may be missing; after decoding it is there. */
export const orUndefined = <A>(codec: t.Type<A>): t.Type<A | undefined> => t.union([codec, t.undefined]);

/**
 * Decodes, or says every place where the value breaks a rule. A value that has nothing to be changed or dropped is handed
 * back itself: io-ts copies every object several times, which took a third of reading the log.
 */
export const decode = <A>(codec: t.Decoder<unknown, A>, value: unknown): Either<NonEmptyArray<Flaw>, A> => {
  if (checkOf(codec)(value)) return right(value as A);
  const result = codec.decode(value);
  if (isRight(result)) return right(result.right);
  const [first, ...rest] = distinct(result.left.map(flawOf));
  return left(first === undefined ? [{ path: '', expected: 'another value' }] : [first, ...rest]);
};

/** Whether a value is already what decoding it would give. */
type Check = (value: unknown) => boolean;

const checks = new WeakMap<object, Check>();

const checkOf = (codec: t.Decoder<unknown, unknown>): Check => {
  const known = checks.get(codec);
  if (known !== undefined) return known;
  const check = newCheck(codec);
  checks.set(codec, check);
  return check;
};

/** What it does not know may change what it decodes, and is left to io-ts. */
const newCheck = (codec: t.Decoder<unknown, unknown>): Check => {
  if (codec instanceof Tagged) return taggedCheck(codec);
  if (codec instanceof t.ExactType) return recordCheck(codec.type as t.Mixed);
  if (codec instanceof t.ArrayType) return listCheck(codec as t.ArrayType<t.Mixed>);
  if (codec instanceof t.IntersectionType) {
    const all = (codec.types as t.Mixed[]).map(checkOf);
    return (value) => all.every((check) => check(value));
  }
  if (codec instanceof t.UnionType) {
    const members = codec.types as t.Mixed[];
    // The first that takes the value decodes it, and that one may change it.
    return (value) => {
      const first = members.find(({ is }) => is(value));
      return first !== undefined && checkOf(first)(value);
    };
  }
  return leaves.some((leaf) => codec instanceof leaf) ? (codec as t.Mixed).is : () => false;
};

const taggedCheck = ({ tag, members }: Tagged<unknown>): Check => {
  const byTag = new Map(Object.entries(members).map(([name, member]) => [name, checkOf(member)]));
  return (value) => isRecord(value) && byTag.get(value[tag] as string)?.(value) === true;
};

const listCheck = (codec: t.ArrayType<t.Mixed>): Check => {
  const each = checkOf(codec.type);
  const fits = codec instanceof ListOf ? codec.fits : (): boolean => true;
  return (value) => {
    if (!Array.isArray(value) || !fits(value)) return false;
    // Unlike `every`, this comes by a hole in the list, too.
    for (const one of value as readonly unknown[]) if (!each(one)) return false;
    return true;
  };
};

/** All required keys, and no key that is not known. */
const recordCheck = (codec: t.Mixed): Check => {
  const fields = new Map<string, { readonly check: Check; readonly isRequired: boolean }>();
  let required = 0;
  for (const part of codec instanceof t.IntersectionType ? (codec.types as t.Mixed[]) : [codec]) {
    if (!(part instanceof t.InterfaceType || part instanceof t.PartialType)) return () => false;
    const isRequired = part instanceof t.InterfaceType;
    const props = Object.entries(part.props as t.Props);
    for (const [key, prop] of props) fields.set(key, { check: checkOf(prop), isRequired });
    if (isRequired) required += props.length;
  }
  return (value) => {
    if (!isRecord(value)) return false;
    let missing = required;
    for (const key in value) {
      const field = fields.get(key);
      if (field === undefined || !field.check(value[key])) return false;
      if (field.isRequired) missing -= 1;
    }
    return missing === 0;
  };
};

const leaves = [Constrained, t.LiteralType, t.KeyofType, t.StringType, t.NumberType, t.BooleanType, t.NullType];

/** A struct's required and optional half both complain of a value that is no object at all. */
const distinct = (flaws: readonly Flaw[]): readonly Flaw[] => [
  ...new Map(flaws.map((flaw) => [`${flaw.path}\n${flaw.expected}`, flaw])).values(),
];

/** One line for people: `text: expected text of 1 to 8000 characters; upTo: …`. */
export const sayFlaws = (flaws: NonEmptyArray<Flaw>): string =>
  flaws.map((flaw) => `${flaw.path === '' ? 'body' : flaw.path}: expected ${flaw.expected}`).join('; ');

/** Intersections number their members in the context; those numbers are not places in the value. */
const flawOf = (error: t.ValidationError): Flaw => {
  const path: string[] = [];
  error.context.forEach((entry, index) => {
    const parent = error.context[index - 1];
    if (entry.key !== '' && !(parent !== undefined && isIntersection(parent.type))) path.push(entry.key);
  });
  return { path: path.join('.'), expected: expectation(error.context.at(-1)?.type) };
};

const isIntersection = (type: t.Decoder<unknown, unknown>): boolean =>
  type instanceof t.IntersectionType || (type instanceof t.ExactType && type.type instanceof t.IntersectionType);

const expectation = (type: t.Decoder<unknown, unknown> | undefined): string => {
  if (type instanceof t.KeyofType) return `one of ${Object.keys(type.keys as object).join(', ')}`;
  if (type instanceof t.LiteralType) return JSON.stringify(type.value);
  if (type instanceof t.InterfaceType || type instanceof t.ExactType || type instanceof t.PartialType)
    return 'a JSON object';
  return type?.name ?? 'another value';
};
