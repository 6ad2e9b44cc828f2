/**
 * Counts of durations in buckets whose width grows with them, as HdrHistogram has it: 128 to each doubling, so that any
 * percentile is right to within one in 128, whether it is microseconds or minutes. Two histograms add up.
 */

/** Durations of less are counted one by one. */
const LINEAR_BITS = 8;
const LINEAR = 2 ** LINEAR_BITS;
/** Buckets to each doubling above. */
const EACH = LINEAR / 2;
/** 2³² µs, more than an hour, is the longest that is told from longer ones. */
const LONGEST_BITS = 32;
const BUCKETS = LINEAR + EACH * (LONGEST_BITS - LINEAR_BITS);

/** How a histogram travels: its buckets that are not empty. */
export type HistogramCounts = readonly (readonly [bucket: number, count: number])[];

export class Histogram {
  readonly #counts: Float64Array;

  /** From what {@link toJSON} gave. */
  constructor(counts: HistogramCounts = []) {
    this.#counts = new Float64Array(BUCKETS);
    for (const [bucket, count] of counts) this.#counts[bucket] = count;
  }

  record(microseconds: number): void {
    const bucket = bucketOf(microseconds);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
  }

  add(other: Histogram): void {
    for (const [bucket, count] of other.toJSON()) this.#counts[bucket] = (this.#counts[bucket] ?? 0) + count;
  }

  get count(): number {
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }

  /** The least duration that at least so large a share, such as 0.999, does not exceed; 0 where nothing was recorded. */
  quantile(share: number): number {
    const wanted = Math.max(1, Math.ceil(this.count * share));
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      seen += this.#counts[bucket] ?? 0;
      if (seen >= wanted) return highestOf(bucket);
    }
    return 0;
  }

  toJSON(): HistogramCounts {
    return [...this.#counts].flatMap((count, bucket) => (count === 0 ? [] : [[bucket, count] as const]));
  }
}

const bucketOf = (microseconds: number): number => {
  const whole = Math.min(Math.max(0, Math.floor(microseconds)), 2 ** LONGEST_BITS - 1);
  const doubling = Math.max(0, LONGEST_BITS - Math.clz32(whole) - LINEAR_BITS);
  return doubling * EACH + (whole >>> doubling);
};

/** The longest whole number of microseconds that falls into the bucket. */
const highestOf = (bucket: number): number => {
  const doubling = Math.max(0, Math.floor(bucket / EACH) - 1);
  return (bucket - doubling * EACH + 1) * 2 ** doubling - 1;
};
