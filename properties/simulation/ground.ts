/** What everything in one history stands on. */
import type { Dice } from './dice.ts';
import type { Faults } from './faults.ts';
import type { Owner, Scheduler } from './scheduler.ts';

export interface Ground {
  readonly scheduler: Scheduler;
  readonly dice: Dice;
  readonly faults: Faults;
  /** What is on its way between processes outlives them. */
  readonly wire: Owner;
  /** Sent and not arrived yet. */
  readonly onTheWire: { appends: number };
  /** Says what happens, where somebody listens. */
  readonly tell: (what: () => string) => void;
  readonly violated: (law: Law, what: string) => void;
}

/** What a history is checked for. */
export const laws = [
  'seqs are gapless',
  'what is acknowledged is stored',
  'a command is carried out once',
  'a refused command changes nothing',
  'a reader sees every fact once and in order',
  'replay gives the live state',
  'a rebuild gives the live view',
  'an answer holds what was acknowledged before',
  'one order explains all answers',
  'ids are unique and increasing',
  'nothing throws by itself',
  'everything comes to rest',
] as const;
export type Law = (typeof laws)[number];

export const never = (): Promise<never> => new Promise(() => undefined);
