/** What people want to do next: enough of everything that sessions pass through all their states, and back. */
import type { Command } from '../../events/commands.ts';
import type { Person } from '../../events/facts.ts';
import type { Dice } from './dice.ts';

export const QUESTION = 'when are you open';
export const agents = ['alice', 'bob'] as const;

const visitorWants = {
  PostMessage: 10,
  RequestHandoff: 2,
  MarkRead: 2,
  RateSession: 1,
  CloseSession: 1,
  ReopenSession: 1,
} as const;
const agentWants = {
  PostMessage: 5,
  ClaimSession: 5,
  AddNote: 1,
  MarkRead: 1,
  TransferSession: 1,
  ReleaseSession: 1,
  CloseSession: 1,
  ReopenSession: 1,
} as const;

export const nextCommand = (dice: Dice, by: Person, seenSeq: number, nth: number): Command => {
  const type = by.role === 'visitor' ? dice.weighted(visitorWants) : dice.weighted(agentWants);
  switch (type) {
    case 'PostMessage':
      return { type, text: by.role === 'visitor' ? dice.pick([QUESTION, 'human please', `${nth}`]) : `${nth}` };
    case 'AddNote':
      return { type, text: `note ${nth}` };
    case 'MarkRead':
      return { type, upTo: Math.max(1, seenSeq - dice.between(-1, 2)) };
    case 'RateSession':
      return { type, score: dice.between(1, 5) };
    case 'TransferSession':
      return { type, to: dice.pick(agents) };
    default:
      return { type };
  }
};
