/** What the console says. */
import type { Status } from '../../../events/names.ts';
import type { ConnectionState, SessionFact } from '../../client/index.ts';
import type { Language } from '../chat/language.ts';
import type { Tab } from './inbox.ts';
import { en } from './words-en.ts';
import { zh } from './words-zh.ts';

export interface Words {
  readonly language: Language;
  readonly otherLanguage: string;
  readonly console: string;
  readonly connection: Readonly<Record<ConnectionState, string>>;
  readonly signIn: string;
  readonly signInHint: string;
  readonly token: string;
  readonly signOut: string;
  readonly changeName: string;
  readonly name: string;
  readonly save: string;
  readonly cancel: string;
  readonly inbox: string;
  readonly tabs: Readonly<Record<Tab, string>>;
  readonly nothingIn: Readonly<Record<Tab, string>>;
  readonly loading: string;
  readonly statuses: Readonly<Record<Status, string>>;
  /** Queued for too long. */
  readonly overdue: string;
  readonly visitor: (id: string) => string;
  readonly assistant: string;
  readonly you: string;
  readonly unanswered: (count: number) => string;
  readonly noMessages: string;
  readonly chooseOne: string;
  readonly chooseOneHint: string;
  readonly back: string;
  readonly transcript: string;
  readonly older: string;
  readonly newBelow: string;
  readonly read: string;
  readonly typing: (name: string) => string;
  readonly staffOnly: string;
  /** The questions that the assistant offered. */
  readonly offered: string;
  readonly claim: string;
  readonly release: string;
  readonly transfer: string;
  readonly transferTo: string;
  readonly close: string;
  readonly reopen: string;
  readonly actions: string;
  readonly reply: string;
  readonly note: string;
  readonly kindOfText: string;
  readonly replyPlaceholder: string;
  readonly notePlaceholder: string;
  readonly claimFirst: string;
  readonly someoneElses: (name: string) => string;
  readonly isClosed: string;
  readonly readOnly: string;
  readonly send: string;
  readonly addNote: string;
  readonly sending: string;
  readonly failed: string;
  readonly retry: string;
  readonly discard: string;
  readonly dismiss: string;
  readonly about: string;
  readonly facts: {
    readonly id: string;
    readonly language: string;
    readonly opened: string;
    readonly assignee: string;
    readonly nobody: string;
    readonly score: string;
  };
  /** What happened, as a sentence; `undefined` for what need not be told. */
  readonly happened: (event: SessionFact) => string | undefined;
}

export const wordsIn = (language: Language): Words => (language === 'zh' ? zh : en);
