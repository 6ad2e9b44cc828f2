/** What must not be answered and must not be said: a list of words, looked for in whole texts and in text that streams. */
import { type Found, Scanner } from './scanner.ts';
import { StreamGuard } from './stream-guard.ts';
import { type WordList, wordList } from './word-list.ts';

export class WordFilter {
  readonly #list: WordList;
  /** For whole texts: a scan is over before the next begins. */
  readonly #scanner: Scanner;

  constructor(words: readonly string[]) {
    this.#list = wordList(words);
    this.#scanner = new Scanner(this.#list);
  }

  /** How many words there are. */
  get size(): number {
    return this.#list.size;
  }

  holds(text: string): boolean {
    return this.find(text) !== undefined;
  }

  /** The first word that ends in the text. */
  find(text: string): Found | undefined {
    let first: Found | undefined;
    this.#scan(text, (found) => {
      first ??= found;
    });
    return first;
  }

  /** The text with every character of every word as an asterisk. */
  mask(text: string): string {
    const found: Found[] = [];
    this.#scan(text, (each) => found.push(each));
    if (found.length === 0) return text;
    let masked = '';
    let at = 0;
    for (const { from, to } of found.toSorted((a, b) => a.from - b.from)) {
      if (to <= at) continue;
      const start = Math.max(from, at);
      masked += text.slice(at, start) + '*'.repeat(Array.from(text.slice(start, to)).length);
      at = to;
    }
    return masked + text.slice(at);
  }

  /** For one text that comes in pieces. */
  guard(): StreamGuard {
    return new StreamGuard(new Scanner(this.#list));
  }

  #scan(text: string, tell: (found: Found) => void): void {
    this.#scanner.reset();
    this.#scanner.feed(text, tell);
    this.#scanner.end(tell);
  }
}

/** For whoever forbids nothing. */
export const noWords = new WordFilter([]);
