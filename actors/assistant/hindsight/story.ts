/** A past session as a policy sees it: what the visitor asked, what was made of it, and how long it took. */
import type { Commit } from '../../../events/commit.ts';
import type { Fact, FactOf } from '../../../events/facts.ts';
import type { SessionRef } from '../../../events/names.ts';
import { contextOf, evolve, type SessionState, statusOf, unopened } from '../../session-state.ts';
import { type Question, QuestionFold, readsFrom } from '../question.ts';
import { type Decision, madeBy, offered, tooLate, type Verdict } from './verdict.ts';

/** Messages of the visitor that wait for one answer. */
export interface Asked {
  readonly _tag: 'Asked';
  readonly ref: SessionRef;
  /** The seq up to which the session was read. */
  readonly seq: number;
  /** When the first of the messages was stored, in Unix milliseconds. */
  readonly at: number;
  /** As the assistant would be asked, with the conversation as it was. */
  readonly question: Question;
  /** What the assistant made of it; `undefined` where it was not asked, or has left no record. */
  readonly recorded: Verdict | undefined;
  /** Until the visitor heard anything, in milliseconds; `undefined` where they never did. */
  readonly waitMs: number | undefined;
  readonly answeredBy: 'assistant' | 'person' | undefined;
}

export type Happening =
  | Asked
  /** A person takes the session, or is asked to by someone else than the assistant. */
  | { readonly _tag: 'TakenOver' }
  /** `toAssistant`: no person had it before. */
  | { readonly _tag: 'Reopened'; readonly toAssistant: boolean };

type Draft = { -readonly [K in keyof Asked]: Asked[K] };

/** Facts that are kept before those that no question needs are let go. */
const RECENT_MAX = 512;

/** Takes a session's commits in order. */
export class Story {
  readonly #ref: SessionRef;
  readonly #happenings: (Draft | Exclude<Happening, Asked>)[] = [];
  #state: SessionState = unopened;
  #recent: { readonly seq: number; readonly fact: Fact }[] = [];
  /** When the oldest message without an answer was stored. */
  #askedAt: number | undefined;
  /** What was asked by whoever has heard nothing yet. */
  #unheard: Draft[] = [];

  constructor(ref: SessionRef) {
    this.#ref = ref;
  }

  take(commit: Commit): void {
    commit.events.forEach((fact, index) => {
      this.#before(fact, commit, index);
      this.#state = evolve(this.#state, fact, commit.at);
      this.#recent.push({ seq: this.#state.seq, fact });
      this.#after(fact, commit.at);
    });
    if (this.#recent.length > RECENT_MAX) {
      const first = readsFrom(contextOf(this.#state));
      this.#recent = this.#recent.filter(({ seq }) => seq >= first);
    }
  }

  get seq(): number {
    return this.#state.seq;
  }

  /** Everything up to now, in order. Who waits now is taken as never answered. */
  happenings(): readonly Happening[] {
    if (this.#askedAt !== undefined) this.#ask(undefined);
    return this.#happenings;
  }

  /** While the session is still as whoever wrote the fact has seen it. */
  #before(fact: Fact, commit: Commit, index: number): void {
    const status = statusOf(this.#state);
    switch (fact.type) {
      case 'AssistantDecided':
      case 'AssistantRefused':
        this.#ask(madeBy(decisionOf(fact, commit, index), commit.at - (this.#askedAt ?? commit.at)));
        break;
      case 'DeadlinePassed':
        if (fact.deadline === 'assistant-reply') this.#ask(tooLate(commit.at - (this.#askedAt ?? commit.at)));
        break;
      case 'MessagePosted':
        if (fact.author.role !== 'visitor') {
          this.#ask(undefined);
          this.#hear(commit.at, fact.author.role === 'assistant' ? 'assistant' : 'person');
        }
        break;
      case 'ChoicesOffered':
        this.#hear(commit.at, 'assistant');
        break;
      case 'HandoffRequested':
        // The assistant's own and that of its deadline are in the verdict already.
        if (fact.by.role !== 'assistant' && fact.by.role !== 'system') this.#happenings.push({ _tag: 'TakenOver' });
        break;
      case 'SessionAssigned':
        if (status === 'assistant') this.#happenings.push({ _tag: 'TakenOver' });
        break;
      case 'SessionReopened':
        this.#happenings.push({ _tag: 'Reopened', toAssistant: contextOf(this.#state).assignee === null });
        break;
      case 'SessionClosed':
        this.#ask(undefined);
        this.#unheard = [];
        break;
      default:
        break;
    }
  }

  #after(fact: Fact, at: number): void {
    const { visitorSeq, answeredSeq } = contextOf(this.#state);
    if (fact.type === 'MessagePosted' && fact.author.role === 'visitor') this.#askedAt ??= at;
    // Whoever is given to people for never ceasing to write has written more than was decided about.
    if (fact.type === 'AssistantDecided' && visitorSeq > answeredSeq) this.#askedAt = at;
  }

  /** What was asked up to now is settled. */
  #ask(recorded: Verdict | undefined): void {
    if (this.#askedAt === undefined) return;
    const context = contextOf(this.#state);
    const fold = new QuestionFold(context);
    const first = readsFrom(context);
    for (const { seq, fact } of this.#recent) if (seq >= first) fold.take(fact, seq);
    const asked: Draft = {
      _tag: 'Asked',
      ref: this.#ref,
      seq: context.visitorSeq,
      at: this.#askedAt,
      question: fold.question(),
      recorded,
      waitMs: undefined,
      answeredBy: undefined,
    };
    this.#askedAt = undefined;
    // A message of which nothing can be read any more is no question.
    if (asked.question.texts.length === 0) return;
    this.#happenings.push(asked);
    this.#unheard.push(asked);
  }

  #hear(at: number, answeredBy: 'assistant' | 'person'): void {
    for (const asked of this.#unheard) {
      asked.waitMs = Math.max(0, at - asked.at);
      asked.answeredBy = answeredBy;
    }
    this.#unheard = [];
  }
}

/** What the assistant said stands behind its decision, in the same commit. */
export const decisionOf = (
  fact: FactOf<'AssistantDecided'> | FactOf<'AssistantRefused'>,
  commit: Commit,
  index: number,
): Decision => {
  for (const said of commit.events.slice(index + 1)) {
    if (said.type === 'MessagePosted' && said.basedOn === fact.basedOn) return { fact, text: said.text };
    if (said.type === 'ChoicesOffered' && said.basedOn === fact.basedOn) return { fact, text: offered(said) };
  }
  return { fact, text: undefined };
};
