/** What `kefu replay` may be asked for. */
import { type Either, left, right } from 'fp-ts/lib/Either.js';
import { isName } from '../../events/names.ts';
import { momentOf } from './moment.ts';

export interface ReplayOptions {
  readonly tenant?: string;
  readonly format?: string;
  readonly untilSeq?: string;
  readonly until?: string;
}

export interface ReplayRange {
  readonly tenant: string | undefined;
  readonly format: 'text' | 'ndjson';
  readonly untilSeq: number;
  /** Unix milliseconds, included. */
  readonly untilMs: number;
}

export const parseReplayOptions = (options: ReplayOptions): Either<string, ReplayRange> => {
  const { tenant, format = 'text', untilSeq, until } = options;
  if (tenant !== undefined && !isName(tenant)) return left('--tenant: expected 1 to 64 characters of A-Z a-z 0-9 _ -');
  if (format !== 'text' && format !== 'ndjson') return left('--format: expected text or ndjson');
  if (untilSeq !== undefined && !/^[1-9]\d{0,8}$/.test(untilSeq)) return left('--until-seq: expected a seq from 1 on');
  const untilMs = until === undefined ? Number.POSITIVE_INFINITY : momentOf(until);
  if (Number.isNaN(untilMs)) return left('--until: expected a time such as 2026-11-23T08:00:00Z, or Unix milliseconds');
  return right({
    tenant,
    format,
    untilSeq: untilSeq === undefined ? Number.POSITIVE_INFINITY : Number(untilSeq),
    untilMs,
  });
};
