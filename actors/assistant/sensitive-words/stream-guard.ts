/** Lets text that streams through only when it can no longer be the beginning of a sensitive word. */
import type { Scanner } from './scanner.ts';

/** What may be shown now, or that nothing more may be. */
export type Let = { readonly _tag: 'Through'; readonly text: string } | { readonly _tag: 'Forbidden' };

const forbidden: Let = { _tag: 'Forbidden' };

export class StreamGuard {
  readonly #scanner: Scanner;
  #held = '';
  /** Characters let through so far. */
  #through = 0;
  #isForbidden = false;

  constructor(scanner: Scanner) {
    this.#scanner = scanner;
  }

  push(piece: string): Let {
    if (this.#isForbidden) return forbidden;
    this.#held += piece;
    this.#scanner.feed(piece, () => {
      this.#isForbidden = true;
    });
    return this.#release(this.#scanner.undecidedFrom);
  }

  /** The rest, when nothing more comes. */
  end(): Let {
    if (this.#isForbidden) return forbidden;
    this.#scanner.end(() => {
      this.#isForbidden = true;
    });
    return this.#release(this.#through + this.#held.length);
  }

  #release(until: number): Let {
    if (this.#isForbidden) return forbidden;
    const text = this.#held.slice(0, until - this.#through);
    this.#held = this.#held.slice(text.length);
    this.#through += text.length;
    return { _tag: 'Through', text };
  }
}
