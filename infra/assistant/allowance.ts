/** What each tenant has asked of the model in this minute: requests, and tokens of prompts and answers. */
import type { Clock } from '../clock.ts';

const MINUTE_MS = 60_000;

interface Used {
  requests: number;
  tokens: number;
}

export class Allowance {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  /** Only of tenants that have asked in this minute. */
  readonly #used = new Map<string, Used>();
  #minute = 0;

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock;
  }

  /** Whether so many tokens may be sent; if so they are counted. 0 = no limit. */
  take(tenant: string, tokens: number, requestsMax: number, tokensMax: number): boolean {
    const used = this.#of(tenant);
    if (requestsMax > 0 && used.requests >= requestsMax) return false;
    if (tokensMax > 0 && used.tokens + tokens > tokensMax) return false;
    used.requests += 1;
    used.tokens += tokens;
    return true;
  }

  /** What an answer came to, and by how much the prompt's estimate was wrong. */
  add(tenant: string, tokens: number): void {
    const used = this.#of(tenant);
    used.tokens = Math.max(0, used.tokens + tokens);
  }

  #of(tenant: string): Used {
    const minute = Math.floor(this.#clock.monotonicMs() / MINUTE_MS);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#used.clear();
    }
    const known = this.#used.get(tenant);
    if (known !== undefined) return known;
    const fresh = { requests: 0, tokens: 0 };
    this.#used.set(tenant, fresh);
    return fresh;
  }
}
