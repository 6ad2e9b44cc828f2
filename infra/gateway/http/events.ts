/** The facts: of one session by seq, and of the whole tenant as a stream. */
import * as t from 'io-ts';
import { readFrom } from '../../../actors/seq-index.ts';
import { seenBy } from '../../../events/audience.ts';
import { digits, integer, matching, struct } from '../../../events/codec.ts';
import { lastSeq, type Stored } from '../../../events/commit.ts';
import type { Batches } from '../../../events/event-log.ts';
import { PAGE_DEFAULT, PAGE_MAX } from '../../../events/limits.ts';
import { audienceOf, type Principal } from '../principal.ts';
import type { Service } from '../service.ts';
import { readProblem } from './access.ts';
import { writeLines } from './lines.ts';
import { everyRole, json, problem, type Route, route, staff } from './route.ts';

/** Position of a commit, and the number of a fact in it; opaque to clients, but for 0, the beginning. */
const POSITION = /^(?:0|(\d{1,15})-(\d{1,4}))$/;

export const eventRoutes = (service: Service): readonly Route[] => [
  route({
    method: 'GET',
    path: '/v1/sessions/:session/events',
    summary: 'The facts of a session by seq.',
    who: everyRole,
    query: struct({}, { after: digits(0), limit: digits(1, PAGE_MAX) }),
    answers: struct({ events: t.array(t.UnknownRecord), next: t.union([integer(0), t.null]) }),
    answer: async ({ principal, params, query }) => {
      const asker = principal as Principal;
      const session = params.session ?? '';
      const ref = { tenant: asker.tenant, session };
      const row = await service.reader.session(ref);
      const refusal = readProblem(asker, session, row);
      if (refusal !== undefined) return problem(refusal);
      const { after = 0, limit = PAGE_DEFAULT } = query;
      const events: Record<string, unknown>[] = [];
      const isAtHead = after >= (row?.seq ?? 0);
      const commits = isAtHead ? [] : readFrom(service.log, ref, after + 1, service.startOf(ref, after + 1));
      reading: for await (const batch of commits)
        for (const { commit } of batch) {
          if (lastSeq(commit) <= after) continue;
          for (const [index, fact] of commit.events.entries()) {
            const seq = commit.seq + index;
            if (seq > after) events.push({ seq, at: commit.at, ...seenBy(audienceOf(asker), fact) });
            if (events.length > limit) break reading;
          }
        }
      const page = events.slice(0, limit);
      return json(200, { events: page, next: events.length > limit ? (page.at(-1)?.seq ?? null) : null });
    },
  }),
  route({
    method: 'GET',
    path: '/v1/events',
    summary: 'The tenant’s facts from a position on, one JSON object a line; `follow=true` stays open.',
    who: staff,
    query: struct(
      {},
      {
        after: matching(POSITION, 'a position as a line of /v1/events gave it'),
        follow: t.keyof({ true: null, false: null }),
      },
    ),
    answer: ({ principal, query }) => {
      const { tenant } = principal as Principal;
      const from = placeOf(query.after);
      // The commit at the position is read again: the facts behind the named one may be in it.
      const after = Math.max(0, from.position - 1);
      const scan = (signal: AbortSignal): Batches =>
        service.log.scan({ after, tenant, follow: query.follow === 'true', signal });
      return { _tag: 'Stream', write: (response) => writeLines(response, scan, (stored) => linesOf(stored, from)) };
    },
  }),
];

interface Place {
  readonly position: number;
  readonly index: number;
}

const placeOf = (after: string | undefined): Place => {
  const [, position, index] = POSITION.exec(after ?? '') ?? [];
  return position === undefined ? { position: 0, index: -1 } : { position: Number(position), index: Number(index) };
};

const linesOf = ({ position, commit }: Stored, from: Place): string =>
  commit.events
    .map((fact, index) => ({ fact, index }))
    .filter(({ index }) => position > from.position || index > from.index)
    .map(
      ({ fact, index }) =>
        `${JSON.stringify({ position: `${position}-${index}`, session: commit.session, seq: commit.seq + index, at: commit.at, ...seenBy('staff', fact) })}\n`,
    )
    .join('');
