/** What people are called, and how they rate. */
import type { SessionView } from '../../../events/frames.ts';
import type { Author } from '../chat/transcript.ts';
import type { Words } from './words.ts';

/** Characters of a nameless visitor's id that tell one from the next. */
const ID_CHARS = 4;

export const visitorName = ({ visitor }: SessionView, words: Words): string =>
  visitor.name ?? words.visitor(visitor.id.replaceAll(/[_-]/g, '').slice(-ID_CHARS));

export const authorName = (author: Author, view: SessionView | undefined, me: string, words: Words): string => {
  if (author.role === 'assistant') return words.assistant;
  if (author.role === 'visitor') return view === undefined ? words.visitor('') : visitorName(view, words);
  return author.id === me ? words.you : author.id;
};

/** A score of 1 to 5. */
export const stars = (score: number): string => '★'.repeat(score) + '☆'.repeat(5 - score);
