/** The bearer token for the next socket. */

/** A token, or a function that gets a valid one. It is asked again when the last one seems to have expired. */
export type Token = string | (() => string | Promise<string>);

export class TokenSource {
  readonly #token: Token;
  #last: string | undefined;

  constructor(token: Token) {
    this.#token = token;
  }

  get canRenew(): boolean {
    return typeof this.#token === 'function';
  }

  /** Rejects with whatever the function rejects with. */
  async get(): Promise<string> {
    if (typeof this.#token === 'string') return this.#token;
    this.#last ??= await this.#token();
    return this.#last;
  }

  /** The next `get` asks for another one. */
  distrust(): void {
    this.#last = undefined;
  }
}
