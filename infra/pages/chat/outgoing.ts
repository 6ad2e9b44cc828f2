/** What one has written and the session does not show yet. */
import type { SessionEvent } from '../../client/index.ts';
import type { Author } from './transcript.ts';

export interface Outgoing {
  readonly key: number;
  readonly kind: 'message' | 'note';
  readonly text: string;
  /** `sent`: stored, and the event that shows it is still on its way. */
  readonly state: 'pending' | 'sent' | 'failed';
  readonly seq?: number;
  readonly error?: unknown;
}

/** Without the entry that this event shows; `me` wrote the entries. */
export const withoutShown = (
  outgoing: readonly Outgoing[],
  { seq, event }: SessionEvent,
  me: Author,
): readonly Outgoing[] => {
  const acked = outgoing.find((entry) => entry.seq === seq);
  const shown = acked ?? (isBy(event, me) ? outgoing.find((entry) => showsUnacked(event, entry)) : undefined);
  return shown === undefined ? outgoing : outgoing.filter((entry) => entry !== shown);
};

type Event = SessionEvent['event'];

const isBy = (event: Event, me: Author): boolean => {
  const author = event.type === 'MessagePosted' ? event.author : event.type === 'NoteAdded' ? event.by : undefined;
  return author !== undefined && author.role === me.role && author.id === me.id;
};

/** An event may come before its ack. One's own go out in order, so that the first of the same text is the one. */
const showsUnacked = (event: Event, { kind, text, state }: Outgoing): boolean =>
  state === 'pending' &&
  ((event.type === 'MessagePosted' && kind === 'message') || (event.type === 'NoteAdded' && kind === 'note')) &&
  event.text === text;
