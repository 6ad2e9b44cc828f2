/** What Kefu says afterwards, over HTTP: histories, facts, the event stream and the inbox. */
import type { Api } from './api.ts';
import type { Item } from './tally.ts';
import { type Fact, itemOf, type Message, messageItem } from './witness.ts';

/** Small enough that many sessions take several pages. */
const PAGE = 20;
const INBOX_PAGE = 100;
const REQUESTS_AT_ONCE = 16;

/** What a reader got of each session, in the order it came. */
export type Came = ReadonlyMap<string, readonly Item[]>;

export const readHistories = (api: Api, token: string, sessions: readonly string[]): Promise<Came> =>
  eachSession(sessions, (session) =>
    pages<Item, number>(0, async (after) => {
      const path = `/v1/sessions/${session}/messages?after=${after}&limit=${PAGE}`;
      const page = await api.get<{ messages: readonly Message[]; next: number | null }>(path, token);
      return { items: page.messages.map(messageItem), next: page.next };
    }),
  );

export const readFacts = (api: Api, token: string, sessions: readonly string[]): Promise<Came> =>
  eachSession(sessions, (session) =>
    pages<Item, number>(0, async (after) => {
      const path = `/v1/sessions/${session}/events?after=${after}&limit=${PAGE}`;
      const page = await api.get<{ events: readonly (Fact & { seq: number })[]; next: number | null }>(path, token);
      return { items: page.events.map((event) => itemOf(event.seq, event)), next: page.next };
    }),
  );

interface Line extends Fact {
  readonly position: string;
  readonly session: string;
  readonly seq: number;
}

/** Reads the stream of the whole tenant, breaks off after `breakAfter` facts, and goes on from the position it had. */
export const readStream = async (api: Api, token: string, breakAfter: number): Promise<Came> => {
  const came = new Map<string, Item[]>();
  let position = '';
  let read = 0;
  const take = async (most: number): Promise<void> => {
    const path = position === '' ? '/v1/events' : `/v1/events?after=${position}`;
    for await (const line of api.lines<Line>(path, token)) {
      const items = came.get(line.session);
      if (items === undefined) came.set(line.session, [itemOf(line.seq, line)]);
      else items.push(itemOf(line.seq, line));
      position = line.position;
      read += 1;
      if (read === most) return;
    }
  };
  if (breakAfter > 0) await take(breakAfter);
  await take(Number.POSITIVE_INFINITY);
  return came;
};

/** The sessions that the inbox lists as closed, as often as it lists them. */
export const readClosed = (api: Api, token: string): Promise<readonly string[]> =>
  pages<string, string>('', async (cursor) => {
    const path = `/v1/sessions?status=closed&limit=${INBOX_PAGE}${cursor === '' ? '' : `&cursor=${cursor}`}`;
    const page = await api.get<{ sessions: readonly { session: string }[]; next: string | null }>(path, token);
    return { items: page.sessions.map(({ session }) => session), next: page.next };
  });

const pages = async <A, C extends string | number>(
  first: C,
  read: (from: C) => Promise<{ readonly items: readonly A[]; readonly next: C | null }>,
): Promise<readonly A[]> => {
  const all: A[] = [];
  for (let from: C | null = first; from !== null; ) {
    const page = await read(from);
    all.push(...page.items);
    from = page.next;
  }
  return all;
};

const eachSession = async (
  sessions: readonly string[],
  read: (session: string) => Promise<readonly Item[]>,
): Promise<Came> => {
  const came = new Map<string, readonly Item[]>();
  const rest = sessions.values();
  const readOn = async (): Promise<void> => {
    for (const session of rest) came.set(session, await read(session));
  };
  await Promise.all(Array.from({ length: REQUESTS_AT_ONCE }, readOn));
  return came;
};
