/** An entry of a knowledge base: a question in several wordings, and its answer. */
import * as t from 'io-ts';
import { struct, text } from './codec.ts';
import { TEXT_CHARS_MAX } from './limits.ts';

export const Entry = struct(
  { id: text(128), lang: text(35), question: text(TEXT_CHARS_MAX), answer: text(TEXT_CHARS_MAX) },
  { also: t.array(text(TEXT_CHARS_MAX)) },
);
export type Entry = t.TypeOf<typeof Entry>;
