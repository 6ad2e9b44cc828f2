/** The console in English. */
import type { SessionFact } from '../../client/index.ts';
import type { Author } from '../chat/transcript.ts';
import { stars } from './people.ts';
import type { Words } from './words.ts';

const sure = (confidence: number | undefined): string =>
  confidence === undefined ? '' : `, ${Math.round(confidence * 100)} % sure`;

const who = ({ role, id }: Author): string =>
  role === 'visitor' ? 'the visitor' : role === 'assistant' ? 'the assistant' : role === 'system' ? 'the system' : id;

const remark = (text: string | undefined): string => (text === undefined ? '' : `: ${text}`);

const happened = (event: SessionFact): string | undefined => {
  switch (event.type) {
    case 'SessionOpened':
      return 'The visitor opened the conversation';
    case 'HandoffRequested':
      return event.by.role === 'visitor' ? 'The visitor asked for a person' : 'Passed on to the queue';
    case 'SessionAssigned':
      return `${event.agent} took the conversation`;
    case 'SessionTransferred':
      return `${event.from} handed the conversation to ${event.to}`;
    case 'SessionReleased':
      return `Put back into the queue by ${who(event.by)}`;
    case 'SessionClosed':
      return `Closed by ${who(event.by)}${remark(event.reason)}`;
    case 'SessionReopened':
      return `Opened again by ${who(event.by)}`;
    case 'SessionRated':
      return `Rated ${stars(event.score)}${remark(event.comment)}`;
    case 'AssistantDecided':
      return decided(event);
    case 'AssistantRefused':
      return `Assistant refused (${event.code}): ${whyRefused[event.why] ?? event.why}${asked(event.model)}`;
    case 'DeadlinePassed':
      return tooLate[event.deadline];
    default:
      return undefined;
  }
};

type Decided = Extract<SessionFact, { type: 'AssistantDecided' }>;

const decided = ({ outcome, source, entry, why, confidence, model, passages }: Decided): string => {
  switch (outcome) {
    case 'answered':
      return source === 'model'
        ? `Assistant answered by model${asked(model)}${given(passages)}`
        : `Assistant answered from ${entry ?? 'what it knows'}${why === 'chosen' ? ', as chosen' : sure(confidence)}`;
    case 'offered':
      return `Assistant offered a choice${sure(confidence)}`;
    case 'asked-back':
      return 'Assistant asked to say it otherwise';
    case 'handoff':
      return `Assistant passed on: ${whyNot[why] ?? why}${sure(confidence)}${asked(model)}`;
  }
};

const asked = (model: Decided['model']): string => {
  if (model === undefined) return '';
  const { name, latencyMs, promptTokens = 0, completionTokens = 0 } = model;
  const tokens = promptTokens + completionTokens;
  return ` · ${name}, ${(latencyMs / 1_000).toFixed(1)} s${tokens === 0 ? '' : `, ${tokens} tokens`}`;
};

const given = (passages: Decided['passages']): string =>
  passages === undefined || passages.length === 0 ? '' : ` · given ${passages.map(({ entry }) => entry).join(', ')}`;

/** Why it was refused; the reasons grow by addition. */
const whyRefused: Readonly<Record<string, string>> = {
  sensitive_question: 'a sensitive word in the question',
  sensitive_answer: 'a sensitive word in the model’s answer',
  breaker_open: 'the model fails too often and rests',
  overloaded: 'too many questions are with the model',
  limit_reached: 'what may be asked in a minute is used up',
  model_failed: 'the model could not answer',
  budget_spent: 'the model did not answer in time',
};

/** What has not come in time; the deadlines grow by addition. */
const tooLate: Readonly<Record<string, string>> = {
  'assistant-reply': 'The assistant has not answered in time',
  'first-response': 'Nobody has taken the conversation in time',
  'idle-close': 'Nobody has written for a long time',
};

/** Why the assistant stepped back; the reasons grow by addition. */
const whyNot: Readonly<Record<string, string>> = {
  asked: 'the visitor asked for a person',
  unknown: 'it knows no answer',
  unhelped: 'it could not help several times in a row',
  frustrated: 'the visitor is losing patience',
  unceasing: 'the visitor does not stop writing',
};

export const en: Words = {
  language: 'en',
  otherLanguage: '中文',
  console: 'Agent console',
  connection: { connecting: 'Connecting…', open: 'Connected', closed: 'Disconnected' },
  signIn: 'Sign in',
  signInHint:
    'Open the sign-in link that the server printed at its start, or paste a token (kefu token --role agent --sub …).',
  token: 'Token',
  signOut: 'Sign out',
  changeName: 'Change name',
  name: 'Your name',
  save: 'Save',
  cancel: 'Cancel',
  inbox: 'Inbox',
  tabs: { queued: 'Queue', mine: 'Mine', assistant: 'Assistant', all: 'All' },
  nothingIn: {
    queued: 'Nobody is waiting.',
    mine: 'You have no open conversations.',
    assistant: 'The assistant is talking to nobody.',
    all: 'No conversations yet.',
  },
  loading: 'Loading…',
  statuses: { assistant: 'assistant', queued: 'waiting', assigned: 'with agent', closed: 'closed' },
  overdue: 'waiting too long',
  visitor: (id) => `Visitor ${id}`,
  assistant: 'Assistant',
  you: 'You',
  unanswered: (count) => `${count} unanswered`,
  noMessages: 'No messages yet',
  chooseOne: 'Choose a conversation',
  chooseOneHint: 'With ↑ and ↓ you go through the inbox.',
  back: 'Back to the inbox',
  transcript: 'Transcript',
  older: 'Loading older messages…',
  newBelow: 'New messages',
  read: 'Read',
  typing: (name) => `${name} is writing…`,
  staffOnly: 'Staff only',
  offered: 'Offered questions',
  claim: 'Claim',
  release: 'Release',
  transfer: 'Transfer',
  transferTo: 'To which agent',
  close: 'Close',
  reopen: 'Reopen',
  actions: 'Actions',
  reply: 'Reply',
  note: 'Note',
  kindOfText: 'What you write',
  replyPlaceholder: 'Write to the visitor. Enter sends, Shift+Enter makes a new line.',
  notePlaceholder: 'A note for your colleagues. The visitor does not see it.',
  claimFirst: 'Claim the conversation to reply.',
  someoneElses: (name) => `${name} is replying in this conversation.`,
  isClosed: 'This conversation is closed. Reopen it to go on.',
  readOnly: 'You may read, and not write.',
  send: 'Send',
  addNote: 'Add note',
  sending: 'Sending',
  failed: 'Not sent',
  retry: 'Try again',
  discard: 'Remove',
  dismiss: 'Dismiss',
  about: 'About the visitor',
  facts: { id: 'Id', language: 'Language', opened: 'Opened', assignee: 'Agent', nobody: 'nobody', score: 'Rating' },
  happened,
};
