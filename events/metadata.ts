/** What the platform wants remembered with a session: a flat record of its own keys. */
import { Constrained, isWellFormed } from './codec.ts';
import { METADATA_KEYS_MAX, REMARK_CHARS_MAX } from './limits.ts';

export type Metadata = Readonly<Record<string, string | number | boolean | null>>;

const isValue = (value: unknown): boolean =>
  value === null ||
  typeof value === 'boolean' ||
  (typeof value === 'number' && Number.isFinite(value)) ||
  (typeof value === 'string' && value.length <= REMARK_CHARS_MAX && isWellFormed(value));

const isMetadata = (value: unknown): value is Metadata => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const entries = Object.entries(value);
  return (
    entries.length <= METADATA_KEYS_MAX &&
    entries.every(([key, each]) => key.length <= 64 && isWellFormed(key) && isValue(each))
  );
};

export const Metadata = new Constrained<Metadata>(
  `an object of at most ${METADATA_KEYS_MAX} keys (64 characters each) with strings (${REMARK_CHARS_MAX} characters), numbers, booleans or null`,
  {
    type: 'object',
    maxProperties: METADATA_KEYS_MAX,
    additionalProperties: { type: ['string', 'number', 'boolean', 'null'] },
  },
  isMetadata,
);
