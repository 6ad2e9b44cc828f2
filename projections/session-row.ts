/** One line of the inbox: what a session's facts come to for those who read. */
import { type Commit, lastSeq, type Stored } from '../events/commit.ts';
import type { Fact } from '../events/facts.ts';
import type { HistoryMessage, SessionView } from '../events/frames.ts';
import type { Status } from '../events/names.ts';
import { type Pace, paceAfter } from '../events/pace.ts';

/** A session's view with its place in the log, as the view store keeps it. */
export interface SessionRow extends SessionView {
  readonly tenant: string;
  /** Position of the session's newest commit in this row. */
  readonly position: number;
  /** What the session's deadlines rest on; absent where it has none. */
  readonly pace?: Pace;
}

/** Characters of the newest message that a row keeps. */
const PREVIEW_CHARS_MAX = 120;

/** A row that is folded on in place, while nobody else has it. */
export type RowDraft = { -readonly [K in keyof SessionRow]: SessionRow[K] };

/** The row after one more commit. A commit it already holds changes nothing, so that a replay is harmless. */
export const foldRow = (row: SessionRow | undefined, stored: Stored): SessionRow => {
  if (row !== undefined && stored.position <= row.position) return row;
  const draft = draftOf(row, stored);
  foldOn(draft, stored);
  return draft;
};

/** A draft that goes on from a row, or from nothing with a session's first commit. */
export const draftOf = (row: SessionRow | undefined, { tenant, commit }: Stored): RowDraft => ({
  ...(row ?? emptyRow(tenant, commit)),
});

/** Adds a commit that the draft does not hold yet. */
export const foldOn = (draft: RowDraft, { position, commit }: Stored): void => {
  draft.position = position;
  draft.seq = lastSeq(commit);
  commit.events.forEach((fact, index) => {
    apply(draft, fact, commit.seq + index, commit.at);
    const pace = paceAfter(draft.pace, fact, commit.at);
    if (pace !== undefined) draft.pace = pace;
  });
};

const emptyRow = (tenant: string, commit: Commit): SessionRow => ({
  tenant,
  position: 0,
  session: commit.session,
  status: 'assistant',
  assignee: null,
  visitor: { id: '' },
  seq: 0,
  openedAt: commit.at,
  activeAt: commit.at,
  unanswered: 0,
  lastMessage: null,
});

const apply = (row: RowDraft, fact: Fact, seq: number, at: number): void => {
  switch (fact.type) {
    case 'SessionOpened':
      row.visitor = fact.visitor;
      if (fact.locale !== undefined) row.locale = fact.locale;
      if (fact.metadata !== undefined) row.metadata = fact.metadata;
      break;
    case 'MessagePosted':
      row.lastMessage = { seq, author: fact.author, text: preview(fact.text), at };
      row.unanswered = fact.author.role === 'visitor' ? row.unanswered + 1 : 0;
      row.activeAt = at;
      break;
    case 'HandoffRequested':
      move(row, 'queued', null, at);
      break;
    case 'SessionAssigned':
      move(row, 'assigned', fact.agent, at);
      break;
    case 'SessionTransferred':
      move(row, 'assigned', fact.to, at);
      break;
    case 'SessionReleased':
      move(row, 'queued', null, at);
      break;
    case 'SessionClosed':
      move(row, 'closed', row.assignee, at);
      row.closedAt = at;
      break;
    case 'SessionReopened':
      move(row, row.assignee === null ? 'assistant' : 'queued', null, at);
      delete row.closedAt;
      break;
    case 'SessionRated':
      row.score = fact.score;
      break;
    // Whoever looks for visitors without an answer does not find one who has been asked back.
    case 'ChoicesOffered':
      row.unanswered = 0;
      row.activeAt = at;
      break;
    case 'NoteAdded':
    case 'MessagesRead':
    case 'AssistantRefused':
    case 'AssistantDecided':
    case 'DeadlinePassed':
      break;
  }
};

/** Whether a session stands in other lists after this fact, and not only at another place in its own. */
export const changesLists = ({ type }: Fact): boolean => listed.has(type);

const listed: ReadonlySet<Fact['type']> = new Set([
  'SessionOpened',
  'HandoffRequested',
  'SessionAssigned',
  'SessionTransferred',
  'SessionReleased',
  'SessionClosed',
  'SessionReopened',
  'DeadlinePassed',
]);

const move = (row: RowDraft, status: Status, assignee: string | null, at: number): void => {
  row.status = status;
  row.assignee = assignee;
  row.activeAt = at;
};

/** Cuts between code points, so that no half of a pair is stored. */
const preview = (text: string): string => {
  if (text.length <= PREVIEW_CHARS_MAX) return text;
  const cut = PREVIEW_CHARS_MAX - 1;
  const splitsPair = (text.codePointAt(cut - 1) ?? 0) > 0xffff;
  return `${text.slice(0, splitsPair ? cut - 1 : cut)}…`;
};

/** The messages among a commit's facts, as history gives them. */
export const messagesOf = (commit: Commit): HistoryMessage[] => {
  const messages: HistoryMessage[] = [];
  commit.events.forEach((fact, index) => {
    if (fact.type !== 'MessagePosted') return;
    const { messageId, author, text } = fact;
    messages.push({ seq: commit.seq + index, messageId, author, text, at: commit.at });
  });
  return messages;
};
