/** How a tenant's assistant behaves: plain data, so that it can be read from a file and exchanged in a replay. */
import { fraction, integer, oneOf, struct, type TypeOf, text, yesOrNo } from '../../events/codec.ts';
import { PASSAGES_MAX, TEXT_CHARS_MAX } from '../../events/limits.ts';
import { THRESHOLDS } from './knowledge/coefficients.ts';

/** The tenant's own words to the model, in characters. */
export const INSTRUCTIONS_CHARS_MAX = 8_000;

/** After a refusal: people are asked, or a fixed sentence is said and the visitor stays with the assistant. */
const afterRefusal = oneOf('handoff', 'say');

const parts = {
  /** Added to what the model is told in any case. */
  instructions: text(INSTRUCTIONS_CHARS_MAX, 0),
  /** From this confidence on an entry is the answer. */
  sureFrom: fraction(0, 1),
  /** From this confidence on an entry is offered, with others; nothing is when it is above the one before. */
  unsureFrom: fraction(0, 1),
  /** What to do when several entries may be meant. */
  onUnsure: oneOf('offer', 'model'),
  /** What to do when nobody knows an answer: ask people, or ask the visitor once to say it otherwise. */
  onUnknown: oneOf('handoff', 'ask-back'),
  on403: afterRefusal,
  on503: afterRefusal,
  on504: afterRefusal,
  /** Questions in a row that led to nothing, before people are asked. */
  missesMax: integer(1, 20),
  /** Whether a visitor who visibly loses patience is given to people. */
  handsOverTheFrustrated: yesOrNo,
  /** How long a visitor may take for the rest of a message that nothing is known about, in milliseconds. */
  gatherMs: integer(0, 5_000),
  /** Whether a model may be asked at all. */
  usesModel: yesOrNo,
  /** What a model is given to read: tokens by estimate, and entries of the knowledge base. */
  promptTokensMax: integer(256, 128_000),
  passagesMax: integer(0, PASSAGES_MAX),
  /** The longest answer of a model, in characters; the rest is cut off. */
  answerCharsMax: integer(16, TEXT_CHARS_MAX),
  /** What the tenant may ask of the model in a minute; 0 = no limit. */
  modelRequestsPerMinute: integer(0),
  modelTokensPerMinute: integer(0),
};

/** A tenant's own settings: what is not named is as for everybody. */
export const PolicyPart = struct({}, parts);
export type PolicyPart = Readonly<TypeOf<typeof PolicyPart>>;
export const policyKeys: readonly string[] = Object.keys(parts);

export type Policy = Readonly<Required<PolicyPart>>;

export const defaultPolicy: Policy = {
  instructions: '',
  ...THRESHOLDS,
  onUnsure: 'offer',
  onUnknown: 'handoff',
  on403: 'handoff',
  on503: 'handoff',
  on504: 'handoff',
  missesMax: 2,
  handsOverTheFrustrated: true,
  gatherMs: 300,
  usesModel: true,
  promptTokensMax: 3_000,
  passagesMax: 4,
  answerCharsMax: 1_500,
  modelRequestsPerMinute: 0,
  modelTokensPerMinute: 0,
};

/** Each tenant's policy. */
export interface Policies {
  of(tenant: string): Policy;
}

/** The same for everybody but those who have settings of their own. */
export const policies = (
  everybody: PolicyPart = {},
  tenants: ReadonlyMap<string, PolicyPart> = new Map(),
): Policies => {
  const base: Policy = { ...defaultPolicy, ...everybody };
  const own = new Map([...tenants].map(([tenant, part]) => [tenant, { ...base, ...part }]));
  return { of: (tenant) => own.get(tenant) ?? base };
};
