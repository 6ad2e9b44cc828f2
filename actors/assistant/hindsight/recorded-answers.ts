/** What a model has answered in the past, by the words of the question: for trying a policy without asking a model. */
import type { Commit } from '../../../events/commit.ts';
import { TEXTS_MAX } from '../question.ts';
import { fold } from '../words.ts';
import { decisionOf } from './story.ts';
import { type ModelRecord, modelRecordOf } from './verdict.ts';

/** Questions whose answers are kept; of what comes later nothing is known. */
const ANSWERS_MAX = 100_000;

export class RecordedAnswers {
  readonly #answers = new Map<string, ModelRecord>();
  /** The visitor's words without an answer, of each session that has some. */
  readonly #asked = new Map<string, string[]>();
  readonly #tenants = new Set<string>();

  /** Takes the commits of all sessions, each session's in order. */
  take(tenant: string, commit: Commit): void {
    const session = `${tenant}/${commit.session}`;
    commit.events.forEach((fact, index) => {
      switch (fact.type) {
        case 'MessagePosted':
          if (fact.author.role === 'visitor') this.#hear(session, fact.text);
          else this.#asked.delete(session);
          break;
        case 'AssistantDecided':
        case 'AssistantRefused': {
          const record = modelRecordOf(decisionOf(fact, commit, index));
          if (record !== undefined) this.#keep(tenant, this.#asked.get(session) ?? [], record);
          this.#asked.delete(session);
          break;
        }
        case 'SessionClosed':
          this.#asked.delete(session);
          break;
        default:
          break;
      }
    });
  }

  /** Whether this tenant's assistant has ever asked a model. */
  knowsOf(tenant: string): boolean {
    return this.#tenants.has(tenant);
  }

  /** The newest answer to the same words. */
  answerTo(tenant: string, texts: readonly string[]): ModelRecord | undefined {
    return this.#answers.get(keyOf(tenant, texts));
  }

  #hear(session: string, text: string): void {
    const texts = this.#asked.get(session);
    if (texts === undefined) this.#asked.set(session, [text]);
    else if (texts.push(text) > TEXTS_MAX) texts.shift();
  }

  /** That a model could not be asked once says nothing about another time. */
  #keep(tenant: string, texts: readonly string[], record: ModelRecord): void {
    this.#tenants.add(tenant);
    const key = keyOf(tenant, texts);
    if (record._tag === 'Failed' || (this.#answers.size >= ANSWERS_MAX && !this.#answers.has(key))) return;
    this.#answers.set(key, record);
  }
}

const keyOf = (tenant: string, texts: readonly string[]): string => `${tenant}/${fold(texts.join(' '))}`;
