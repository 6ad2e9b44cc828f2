/** What people are called, and how they rate. */
import type { SessionView } from '../../../events/frames.ts';
import { hash32 } from '../../../events/hash.ts';
import type { Author } from '../chat/transcript.ts';
import type { Words } from './words.ts';

/** Of a nameless visitor's id, what tells one from the next: ids that are made at the same time begin and end alike. */
const shortened = (id: string): string =>
  id === '' ? '' : hash32(id).toString(36).padStart(4, '0').slice(-4).toUpperCase();

export const visitorName = ({ visitor }: SessionView, words: Words): string =>
  visitor.name ?? words.visitor(shortened(visitor.id));

export const authorName = (author: Author, view: SessionView | undefined, me: string, words: Words): string => {
  if (author.role === 'assistant') return words.assistant;
  if (author.role === 'visitor') return view === undefined ? words.visitor('') : visitorName(view, words);
  return author.id === me ? words.you : author.id;
};

/** A score of 1 to 5. */
export const stars = (score: number): string => '★'.repeat(score) + '☆'.repeat(5 - score);
