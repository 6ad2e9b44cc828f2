/** A token bucket: so many in a period on average, a period's worth at once. */

export class Bucket {
  #tokens: number;
  #filledAtMs: number;
  readonly #capacity: number;
  readonly #perMs: number;

  /** `perPeriod` 0 means no limit. Times are monotonic milliseconds. */
  constructor(perPeriod: number, periodMs: number, nowMs: number, burst: number = perPeriod) {
    this.#capacity = perPeriod === 0 ? Number.POSITIVE_INFINITY : burst;
    this.#perMs = perPeriod / periodMs;
    this.#tokens = this.#capacity;
    this.#filledAtMs = nowMs;
  }

  /** Takes one, or says that there is none. */
  take(nowMs: number): boolean {
    this.#tokens = Math.min(this.#capacity, this.#tokens + (nowMs - this.#filledAtMs) * this.#perMs);
    this.#filledAtMs = nowMs;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}

/** A bucket for each key, such as an address. */
export class Buckets {
  readonly #buckets = new Map<string, Bucket>();
  readonly #make: (nowMs: number) => Bucket;

  constructor(make: (nowMs: number) => Bucket) {
    this.#make = make;
  }

  take(key: string, nowMs: number): boolean {
    let bucket = this.#buckets.get(key);
    if (bucket === undefined) {
      // Forgetting everyone now and then is kinder than growing with every address that ever came.
      if (this.#buckets.size >= BUCKETS_MAX) this.#buckets.clear();
      bucket = this.#make(nowMs);
      this.#buckets.set(key, bucket);
    }
    return bucket.take(nowMs);
  }
}

const BUCKETS_MAX = 50_000;
