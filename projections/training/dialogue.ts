/** One session as an example to learn from: who the model would be told to be, what was asked, what was answered. */
import type { Fact } from '../../events/facts.ts';

export interface TrainingMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** Takes a session's facts in order. Notes, scores and trails are not part of what was said. */
export class DialogueFold {
  readonly #said: TrainingMessage[] = [];

  take(fact: Fact): void {
    if (fact.type === 'MessagePosted') this.#say(fact.author.role === 'visitor' ? 'user' : 'assistant', fact.text);
    if (fact.type === 'ChoicesOffered')
      this.#say('assistant', [fact.text, ...fact.choices.map(({ question }) => `- ${question}`)].join('\n'));
  }

  /**
   * From the first question to the last answer: what is said before or after is no example of an answer. Empty where nothing
   * was answered.
   */
  dialogue(): readonly TrainingMessage[] {
    const first = this.#said.findIndex(({ role }) => role === 'user');
    const last = this.#said.findLastIndex(({ role }) => role === 'assistant');
    return first === -1 ? [] : this.#said.slice(first, last + 1);
  }

  /** What one side says in several messages is one turn. */
  #say(role: 'user' | 'assistant', content: string): void {
    const before = this.#said.at(-1);
    if (before?.role === role) this.#said[this.#said.length - 1] = { role, content: `${before.content}\n${content}` };
    else this.#said.push({ role, content });
  }
}
