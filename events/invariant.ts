/** Throws when the code itself is wrong. Bad input is a refusal, never this. */
export function invariant(condition: boolean, rule: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${rule}`);
}
