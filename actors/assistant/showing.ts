/** A model's answer while it is being written: what of it may be shown already, and whether it is worth reading on. */
import { PlainStream } from './plain-text.ts';
import { HAND_OVER } from './prompt.ts';
import type { StreamGuard } from './sensitive-words/stream-guard.ts';

/** Marks may take up as much room again as the words. */
const RAW_PER_PLAIN = 2;

export class Showing {
  readonly #guard: StreamGuard;
  readonly #rawCharsMax: number;
  readonly #show: (piece: string) => void;
  readonly #plain = new PlainStream();
  #text = '';
  /** Let through by the guard, and held back as long as it may be the word for handing over. */
  #held: string | undefined = '';
  #isForbidden = false;

  constructor(guard: StreamGuard, answerCharsMax: number, show: (piece: string) => void) {
    this.#guard = guard;
    this.#rawCharsMax = answerCharsMax * RAW_PER_PLAIN;
    this.#show = show;
  }

  /** Everything so far, shown or not. */
  get text(): string {
    return this.#text;
  }

  get isForbidden(): boolean {
    return this.#isForbidden;
  }

  /** Whether there is more already than can be said. */
  get isFull(): boolean {
    return this.#text.length >= this.#rawCharsMax;
  }

  /** Takes the next piece; `false` when no more is wanted. */
  push(piece: string): boolean {
    if (this.#isForbidden || this.isFull) return false;
    this.#text += piece;
    const verdict = this.#guard.push(piece);
    if (verdict._tag === 'Forbidden') {
      this.#isForbidden = true;
      return false;
    }
    const released = this.#released(verdict.text);
    const more = released === '' ? '' : this.#plain.push(released);
    if (more !== '') this.#show(more);
    return !this.isFull;
  }

  #released(text: string): string {
    if (this.#held === undefined) return text;
    this.#held += text;
    const begun = this.#held.trimStart();
    if (begun.startsWith(HAND_OVER) || HAND_OVER.startsWith(begun)) return '';
    const held = this.#held;
    this.#held = undefined;
    return held;
  }
}
