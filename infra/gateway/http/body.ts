/** Reads a request's JSON, up to a bound. */
import type { IncomingMessage } from 'node:http';
import { type Either, left, right } from 'fp-ts/lib/Either.js';
import { FRAME_BYTES_MAX } from '../../../events/limits.ts';
import { invalid, type Problem } from '../problem.ts';

const tooLarge: Problem = { code: 'too_large', message: `a body has at most ${FRAME_BYTES_MAX} bytes` };

/** An empty body counts as an empty object, so that a call without options needs none. */
export const readJson = async (request: IncomingMessage): Promise<Either<Problem, unknown>> => {
  if (Number(request.headers['content-length'] ?? 0) > FRAME_BYTES_MAX) return left(tooLarge);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > FRAME_BYTES_MAX) return left(tooLarge);
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks);
  if (text.length === 0) return right({});
  try {
    return right(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text)));
  } catch {
    return left(invalid('body: expected JSON in UTF-8'));
  }
};
