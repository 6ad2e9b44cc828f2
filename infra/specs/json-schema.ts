/** JSON Schema (2020-12) of an io-ts codec, so that the specifications cannot drift from what is decoded. */
import * as t from 'io-ts';
import { Constrained, Digits, type JsonSchema, ListOf, Tagged } from '../../events/codec.ts';

/** Throws for a codec that it does not know: a new kind wants a case here. */
export const schemaOf = (codec: t.Mixed): JsonSchema => {
  if (codec instanceof Constrained || codec instanceof Digits) return { ...codec.schema };
  if (codec instanceof Tagged) return taggedSchema(codec);
  if (codec instanceof t.ExactType) return schemaOf(codec.type as t.Mixed);
  if (codec instanceof t.InterfaceType) return objectSchema(codec.props as t.Props, true);
  if (codec instanceof t.PartialType) return objectSchema(codec.props as t.Props, false);
  if (codec instanceof t.IntersectionType) return merged((codec.types as t.Mixed[]).map(schemaOf));
  if (codec instanceof t.UnionType) return unionSchema((codec.types as t.Mixed[]).map(schemaOf));
  if (codec instanceof ListOf) return { type: 'array', items: schemaOf(codec.type as t.Mixed), ...codec.bounds };
  if (codec instanceof t.ArrayType) return { type: 'array', items: schemaOf(codec.type as t.Mixed) };
  if (codec instanceof t.KeyofType) return { type: 'string', enum: Object.keys(codec.keys as object) };
  if (codec instanceof t.LiteralType) return { const: codec.value as unknown };
  if (codec instanceof t.StringType) return { type: 'string' };
  if (codec instanceof t.NumberType) return { type: 'number' };
  if (codec instanceof t.BooleanType) return { type: 'boolean' };
  if (codec instanceof t.NullType) return { type: 'null' };
  if (codec instanceof t.AnyDictionaryType) return { type: 'object' };
  throw new Error(`no JSON Schema is known for the codec ${codec.name}`);
};

const taggedSchema = ({ tag, members }: Tagged<unknown>): JsonSchema => ({
  oneOf: Object.values(members).map(schemaOf),
  discriminator: { propertyName: tag },
});

const objectSchema = (props: t.Props, required: boolean): JsonSchema => ({
  type: 'object',
  properties: Object.fromEntries(Object.entries(props).map(([key, codec]) => [key, schemaOf(codec)])),
  ...(required && Object.keys(props).length > 0 ? { required: Object.keys(props) } : {}),
});

/** Structs with optional keys are intersections of two objects; one object says the same and reads better. */
const merged = (parts: readonly JsonSchema[]): JsonSchema => {
  if (!parts.every(({ type }) => type === 'object')) return parts.reduce((all, part) => ({ ...all, ...part }), {});
  const required = parts.flatMap((part) => (part.required as string[] | undefined) ?? []);
  return {
    type: 'object',
    properties: Object.assign({}, ...parts.map(({ properties }) => properties)) as JsonSchema,
    ...(required.length > 0 ? { required } : {}),
  };
};

const unionSchema = (parts: readonly JsonSchema[]): JsonSchema => ({ anyOf: parts });
