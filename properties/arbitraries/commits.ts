/** Sessions and commits that no other test has. */
import { type Commit, lastSeq } from '../../events/commit.ts';
import type { Fact } from '../../events/facts.ts';
import type { SessionRef } from '../../events/names.ts';

const BY = { role: 'visitor', id: 'li' } as const;

let names = 0;
/** A session that no other law uses. */
export const freshRef = (tenant = 't'): SessionRef => {
  names += 1;
  return { tenant, session: `s${names}-${Math.random().toString(36).slice(2)}` };
};

let commits = 0;
/** The commit that carries these texts, behind `after` of the same session. */
export const commitOf = (ref: SessionRef, texts: readonly string[], after?: Commit): Commit => {
  commits += 1;
  const [first = 'hello', ...rest] = texts;
  const fact = (text: string): Fact => ({ type: 'NoteAdded', text, by: BY, clientId: 'c' });
  return {
    v: 1,
    session: ref.session,
    seq: after === undefined ? 1 : lastSeq(after) + 1,
    commit: `c${commits}-${Math.random().toString(36).slice(2)}`,
    at: 1_764_000_000_000 + commits,
    events: [fact(first), ...rest.map(fact)],
  };
};
