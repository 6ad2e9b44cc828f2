/** Whether the asker may read a session: answered from the row that is read anyway. */
import type { SessionView } from '../../../events/frames.ts';
import type { SessionRow } from '../../../projections/session-row.ts';
import { audienceOf, type Principal, reaches, readsTenant } from '../principal.ts';
import { notFound, type Problem } from '../problem.ts';

export const notYours: Problem = {
  code: 'forbidden',
  reason: 'not_your_session',
  message: 'this session belongs to another visitor',
};

/** Why this row is not for the asker, `undefined` when it is. */
export const readProblem = (principal: Principal, session: string, row: SessionRow | undefined): Problem | undefined =>
  visitorProblem(principal, session, row?.visitor.id);

/** Why a session is not for the asker, by its visitor's id, which is `undefined` where there is no such session. */
export const visitorProblem = (
  principal: Principal,
  session: string,
  visitor: string | undefined,
): Problem | undefined => {
  if (!reaches(principal, session)) return notYours;
  if (visitor === undefined) return notFound;
  return readsTenant(principal) || visitor === principal.sub ? undefined : notYours;
};

/** A row as its reader may see it: scores are for staff, and so is who has waited for too long. */
export const viewFor = (principal: Principal, row: SessionRow): SessionView => {
  const { tenant: _tenant, position: _position, score, pace, ...view } = row;
  if (audienceOf(principal) === 'visitor') return view;
  return {
    ...view,
    ...(score === undefined ? {} : { score }),
    ...(pace?.overdue === true ? { overdue: true } : {}),
  };
};
