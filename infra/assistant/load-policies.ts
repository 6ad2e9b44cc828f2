/** Reads the assistant's policy: one for everybody, and what is otherwise for single tenants. */
import { readFile } from 'node:fs/promises';
import { isLeft } from 'fp-ts/lib/Either.js';
import { defaultPolicy, type PolicyPart as Part, PolicyPart, policyKeys } from '../../actors/assistant/policy.ts';
import { anyObject, decode, sayFlaws } from '../../events/codec.ts';
import { isName } from '../../events/names.ts';
import { WrongSettings } from '../config.ts';

const VARIABLE = 'KEFU_ASSISTANT_POLICY';

export interface PolicyFile {
  readonly everybody: Part;
  readonly tenants: ReadonlyMap<string, Part>;
}

/** `{"default": {…}, "tenants": {"acme": {…}}}`. Throws {@link WrongSettings} that name the place and the rule. */
export const loadPolicies = async (file: string): Promise<PolicyFile> => {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new WrongSettings([`${VARIABLE}: the file cannot be read (${error.code ?? 'unknown error'})`]);
  });
  return policiesIn(text);
};

/** `source` is what the places are in, for whoever has to mend them. */
export const policiesIn = (text: string, source: string = VARIABLE): PolicyFile => {
  const wrong: string[] = [];
  const objectAt = (place: string, value: unknown, keys?: readonly string[]): Readonly<Record<string, unknown>> => {
    const object = decode<Readonly<Record<string, unknown>>>(anyObject, value ?? {});
    if (isLeft(object) || Array.isArray(value)) {
      wrong.push(`${source}${place}: expected a JSON object`);
      return {};
    }
    // A name that is misspelled would be passed over, and nobody would know why nothing changes.
    for (const key of Object.keys(object.right))
      if (keys?.includes(key) === false)
        wrong.push(`${source}${place}: knows no ${JSON.stringify(key)}; expected one of ${keys.join(', ')}`);
    return object.right;
  };
  const partAt = (place: string, value: unknown, rest: Part = {}): Part => {
    const part = decode<Part>(PolicyPart, objectAt(place, value, policyKeys));
    if (!isLeft(part)) {
      const { sureFrom, unsureFrom } = { ...defaultPolicy, ...rest, ...part.right };
      if (unsureFrom > sureFrom)
        wrong.push(`${source}${place}.unsureFrom: expected at most sureFrom, which is ${sureFrom}`);
      return part.right;
    }
    wrong.push(`${source}${place}.${sayFlaws(part.left)}`);
    return {};
  };
  const whole = objectAt('', parse(text, source), ['default', 'tenants']);
  const everybody = partAt(' default', whole['default']);
  const tenants = new Map(
    Object.entries(objectAt(' tenants', whole['tenants'])).map(([tenant, value]) => {
      if (!isName(tenant)) wrong.push(`${source} tenants: expected names of 1 to 64 characters of A-Z a-z 0-9 _ -`);
      return [tenant, partAt(` tenants.${tenant}`, value, everybody)] as const;
    }),
  );
  if (wrong.length > 0) throw new WrongSettings(wrong);
  return { everybody, tenants };
};

const parse = (text: string, source: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new WrongSettings([`${source}: expected JSON`]);
  }
};
