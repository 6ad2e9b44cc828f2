/**
 * The lists a row stands in: by status, by status and visitor, by status and assignee, and the one of what is due. Every
 * inbox query is answered from the narrowest of the first three; what a list does not know is checked on the row.
 *
 * The list by status is ordered by activity. The two others are so for closed sessions alone, of which there are ever more.
 * Open sessions stand in them without an order, and take it from the list by status: a message then moves one place, not
 * three, and those lists change only when the session does.
 */
import { type Status, statuses } from '../events/names.ts';
import { DUE, dueScore } from './due.ts';
import type { SessionRow } from './session-row.ts';
import type { InboxQuery } from './view-store.ts';

/** A list's name. What people chose freely stands last, so that two different lists never have the same name. */
export type ListName = string;

const byStatus = (tenant: string, status: Status): ListName => `s:${tenant}:${status}`;
const byVisitor = (tenant: string, status: Status, visitor: string): ListName => `v:${tenant}:${status}:${visitor}`;
const byAssignee = (tenant: string, status: Status, assignee: string): ListName => `a:${tenant}:${status}:${assignee}`;

const isOrdered = (status: Status): boolean => status === 'closed';

/** Where a row stands in a list. */
export interface Place {
  readonly list: ListName;
  /** `activeAt`, 0 in a list without an order. */
  readonly score: number;
  /** The session; `<tenant>/<session>` in a list of all tenants. */
  readonly member: string;
}

export const placesOf = (row: SessionRow): readonly Place[] => {
  const { tenant, session, status, assignee, visitor, activeAt } = row;
  const score = isOrdered(status) ? activeAt : 0;
  const places = [...movingPlaces(row), { list: byVisitor(tenant, status, visitor.id), score, member: session }];
  if (assignee !== null) places.push({ list: byAssignee(tenant, status, assignee), score, member: session });
  return places;
};

/** The places that a message can move. */
const movingPlaces = (row: SessionRow): readonly Place[] => {
  const { tenant, session, status, activeAt } = row;
  const places = [{ list: byStatus(tenant, status), score: activeAt, member: session }];
  const score = dueScore(row);
  if (score !== undefined) places.push({ list: DUE, score, member: `${tenant}/${session}` });
  return places;
};

/** How a row's places change. */
export interface PlaceChange {
  readonly left: readonly Place[];
  /** Places it has now and had not before: in another list, or with another score in the same. */
  readonly entered: readonly Place[];
}

export const placeChange = (before: SessionRow | undefined, after: SessionRow): PlaceChange => {
  if (before === undefined) return { left: [], entered: placesOf(after) };
  // The commonest change of all, a message in an open session.
  if (isListedAlike(before, after) && !isOrdered(after.status))
    return change(movingPlaces(before), movingPlaces(after));
  return change(placesOf(before), placesOf(after));
};

const change = (was: readonly Place[], is: readonly Place[]): PlaceChange => ({
  left: missingFrom(is, was),
  entered: missingFrom(was, is),
});

const isListedAlike = (a: SessionRow, b: SessionRow): boolean =>
  a.status === b.status && a.assignee === b.assignee && a.visitor.id === b.visitor.id;

const missingFrom = (places: readonly Place[], wanted: readonly Place[]): readonly Place[] =>
  wanted.filter(({ list, score }) => !places.some((place) => place.list === list && place.score === score));

/** A list to read. */
export interface ListToRead {
  readonly list: ListName;
  /** The list that knows the order of this one, where it has none of its own. */
  readonly orderedBy: ListName | undefined;
}

/** The lists that together hold every row the query can match, each row in one of them. */
export const listsFor = ({ tenant, status, assignee, visitor }: InboxQuery): readonly ListToRead[] =>
  (status === undefined ? statuses : [status]).map((each) => {
    const whole = byStatus(tenant, each);
    if (visitor === undefined && assignee === undefined) return { list: whole, orderedBy: undefined };
    const list = visitor === undefined ? byAssignee(tenant, each, assignee ?? '') : byVisitor(tenant, each, visitor);
    return { list, orderedBy: isOrdered(each) ? undefined : whole };
  });
