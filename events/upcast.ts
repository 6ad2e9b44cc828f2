/**
 * Old commit bodies in today's form. Stored bodies are never rewritten: when a fact changes shape, `COMMIT_VERSION` grows,
 * a step is added here, and `golden/` keeps a body of the old form that must still be read.
 */

type Body = Readonly<Record<string, unknown>>;

/** `steps[n]` turns a body of version n into one of version n + 1. */
export type Steps = Readonly<Record<number, (body: Body) => Body>>;

/** Version 1 is the first, so there is nothing to lift yet. */
const steps: Steps = {};

/** Applies every step from the body's version on; what is no versioned object passes through for the decoder to refuse. */
export const upcast = (body: unknown, using: Steps = steps): unknown => {
  let current = body;
  while (isVersioned(current)) {
    const step = using[current.v];
    if (step === undefined) break;
    current = step(current);
  }
  return current;
};

const isVersioned = (body: unknown): body is Body & { v: number } =>
  typeof body === 'object' && body !== null && 'v' in body && typeof body.v === 'number';
