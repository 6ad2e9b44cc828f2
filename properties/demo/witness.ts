/** What one side of a session got to see of it, in the order it came. */
import type { Item } from './tally.ts';

/** A fact as every reader of Kefu gets it. */
export type Fact = { readonly type: string } & Readonly<Record<string, unknown>>;

/** A message is told by its id, every other fact by its type: a played session has one of each. */
export const itemOf = (seq: number, fact: Fact): Item => {
  if (fact.type === 'MessagePosted') {
    const { messageId, author, text } = fact as unknown as Message;
    return messageItem({ seq, messageId, author, text });
  }
  return factItem(seq, fact.type, fact.type === 'SessionAssigned' ? String(fact['agent']) : '');
};

/** A fact that is no message. `about` is what must be right about it. */
export const factItem = (seq: number, type: string, about = ''): Item => ({
  key: factKey(type),
  says: `${type} ${about}`,
  seq,
});

export const factKey = (type: string): string => `${FACT}${type}`;

/** No id has it in it. */
const FACT = '#';

export const isMessage = ({ key }: Item): boolean => !key.startsWith(FACT);

export interface Message {
  readonly seq: number;
  readonly messageId: string;
  readonly author: { readonly role: string; readonly id: string };
  readonly text: string;
}

export const messageItem = ({ seq, messageId, author, text }: Message): Item => ({
  key: messageId,
  says: `${author.role} ${author.id}: ${text}`,
  seq,
});

interface Waiting {
  readonly seen: () => void;
  readonly failed: (error: Error) => void;
}

export class Witness {
  readonly items: Item[] = [];
  readonly #keys = new Set<string>();
  readonly #waiting = new Map<string, Waiting[]>();

  see(seq: number, fact: Fact): void {
    const item = itemOf(seq, fact);
    this.items.push(item);
    this.#keys.add(item.key);
    for (const { seen } of this.#waiting.get(item.key) ?? []) seen();
    this.#waiting.delete(item.key);
  }

  /** Resolves when the item has come. Rejects when nobody waits for it any more. */
  saw(key: string): Promise<void> {
    if (this.#keys.has(key)) return Promise.resolve();
    return new Promise((seen, failed) => {
      const waiting = this.#waiting.get(key);
      if (waiting === undefined) this.#waiting.set(key, [{ seen, failed }]);
      else waiting.push({ seen, failed });
    });
  }

  giveUp(why: Error): void {
    for (const { failed } of [...this.#waiting.values()].flat()) failed(why);
    this.#waiting.clear();
  }
}
