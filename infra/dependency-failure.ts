/** Something outside that Kefu cannot do without is missing or wrong. */

/** The message is one sentence for the operator: what is wrong, and what to do next. */
export class DependencyFailure extends Error {
  override readonly name = 'DependencyFailure';
}
