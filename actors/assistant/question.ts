/** What the assistant is asked, as a fold of a session's facts: the same for the live session and for one of last month. */
import type { Fact } from '../../events/facts.ts';
import type { SessionContext } from '../session-machine.ts';
import { fold } from './words.ts';

/** One message before the question. */
export interface Turn {
  readonly role: 'visitor' | 'assistant' | 'person';
  readonly text: string;
}

/** What the assistant has said last, for the person who takes over. */
export interface LastAnswer {
  readonly source: 'knowledge' | 'model' | undefined;
  readonly entry: string | undefined;
}

export interface Question {
  /** The seq up to which the session was read. */
  readonly basedOn: number;
  /** Visitor messages without an answer, oldest first. */
  readonly texts: readonly string[];
  /** The entry that the visitor chose from an offer, if that is what they did last. */
  readonly chosen: string | undefined;
  /** What was said before, oldest first. */
  readonly turns: readonly Turn[];
  /** Offers and requests to say it otherwise that have led to nothing, in a row up to now. */
  readonly misses: number;
  readonly lastAnswer: LastAnswer | undefined;
  readonly locale: string | undefined;
}

/** Messages kept of what was said before. */
export const TURNS_MAX = 24;
/** Of a burst of messages the newest count. */
export const TEXTS_MAX = 32;
/** Facts before the question that are looked at. */
export const LOOK_BACK_FACTS = 64;

/** The first fact that a question needs. */
export const readsFrom = ({ answeredSeq }: SessionContext): number => Math.max(1, answeredSeq + 1 - LOOK_BACK_FACTS);

/** Takes facts in order, from {@link readsFrom} on. */
export class QuestionFold {
  readonly #context: SessionContext;
  readonly #texts: string[] = [];
  readonly #turns: Turn[] = [];
  #chosen: string | undefined;
  #misses = 0;
  #lastAnswer: LastAnswer | undefined;

  /** The context is that of the session's newest state. */
  constructor(context: SessionContext) {
    this.#context = context;
  }

  take(fact: Fact, seq: number): void {
    switch (fact.type) {
      case 'MessagePosted':
        this.#hear(fact, seq);
        break;
      case 'AssistantDecided':
        this.#misses = fact.outcome === 'offered' || fact.outcome === 'asked-back' ? this.#misses + 1 : 0;
        if (fact.outcome === 'answered') this.#lastAnswer = { source: fact.source, entry: fact.entry };
        break;
      case 'AssistantRefused':
        this.#misses += 1;
        break;
      case 'ChoicesOffered':
        push(this.#turns, { role: 'assistant', text: fact.text }, TURNS_MAX);
        break;
      case 'SessionReopened':
      case 'SessionAssigned':
        this.#misses = 0;
        this.#lastAnswer = undefined;
        break;
      default:
        break;
    }
  }

  question(): Question {
    const { visitorSeq, turnSeq, locale } = this.#context;
    return {
      basedOn: Math.max(visitorSeq, turnSeq),
      texts: this.#texts,
      chosen: this.#chosen,
      turns: this.#turns,
      misses: this.#misses,
      lastAnswer: this.#lastAnswer,
      locale,
    };
  }

  #hear({ author, text, choice }: Extract<Fact, { type: 'MessagePosted' }>, seq: number): void {
    const { answeredSeq, visitorSeq, offer } = this.#context;
    if (author.role !== 'visitor') {
      push(this.#turns, { role: author.role === 'assistant' ? 'assistant' : 'person', text }, TURNS_MAX);
      return;
    }
    const typed = offer !== undefined && offer.seq < seq ? offer.choices.find(isSaidBy(text)) : undefined;
    const chosen = choice?.entry ?? typed?.entry;
    if (chosen !== undefined) this.#misses = 0;
    if (seq <= answeredSeq) {
      push(this.#turns, { role: 'visitor', text }, TURNS_MAX);
    } else if (seq <= visitorSeq) {
      push(this.#texts, text, TEXTS_MAX);
      this.#chosen = chosen;
    }
  }
}

/** To type an offered question is to choose it. */
const isSaidBy =
  (text: string) =>
  ({ question }: { readonly question: string }): boolean =>
    text === question || (fold(text) === fold(question) && fold(text) !== '');

const push = <A>(list: A[], each: A, most: number): void => {
  list.push(each);
  if (list.length > most) list.shift();
};

/** The language to speak: the session's own, else that of what was written. */
export const speaksChinese = ({ locale, texts }: Pick<Question, 'locale' | 'texts'>): boolean =>
  texts.some((text) => /\p{Script=Han}/u.test(text)) ||
  (!texts.some((text) => /\p{Script=Latin}/u.test(text)) && /^zh\b/i.test(locale ?? ''));
