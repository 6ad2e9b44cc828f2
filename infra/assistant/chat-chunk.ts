/** A piece of an OpenAI-compatible answer, or a whole one: only what is read of it, all of it optional. */
import * as t from 'io-ts';
import { anyText, integer, orNull, struct } from '../../events/codec.ts';

const words = orNull(struct({}, { content: orNull(anyText) }));

export const ChatChunk = struct(
  {},
  {
    choices: t.array(struct({}, { delta: words, message: words, finish_reason: orNull(anyText) })),
    usage: orNull(struct({}, { prompt_tokens: integer(0), completion_tokens: integer(0) })),
    error: t.unknown,
  },
);
export type ChatChunk = t.TypeOf<typeof ChatChunk>;
