/** An entry of a knowledge base: a question in several wordings, and its answer. */
import * as t from 'io-ts';
import { struct, text } from './codec.ts';
import { TEXT_CHARS_MAX } from './limits.ts';

export const EntryId = text(128);

const content = { lang: text(35), question: text(TEXT_CHARS_MAX), answer: text(TEXT_CHARS_MAX) };
const more = { also: t.array(text(TEXT_CHARS_MAX)) };

/** An entry without its id, as it is put under one. */
export const EntryContent = struct(content, more);

export const Entry = struct({ id: EntryId, ...content }, more);
export type Entry = t.TypeOf<typeof Entry>;
