/**
 * What the fold of facts is made of, as a short name. A snapshot that was taken under another name is of no use: the same
 * facts may come to another state now.
 */
import type { AnyStateMachine } from 'xstate';
import { hash53 } from '../events/hash.ts';
import { sessionMachine } from './session-machine.ts';

/**
 * To be raised when facts begin to lead to another state by a change that the machine does not show: in `session-state.ts`,
 * in `receipts.ts` or `receipt-memory.ts`, or in what its actions call, such as `events/pace.ts`; and with the form of a snapshot.
 */
const FOLD_VERSION = 4;

/** The machine's states, guards and actions, the last two by their source, and the number beside them. */
export const versionOf = ({ config, implementations }: AnyStateMachine, foldVersion: number): string => {
  const { actions, guards } = implementations;
  const definition = JSON.stringify([config, actions, guards], (_key, value: unknown) =>
    // What xstate makes of a function, as `assign` does, carries that function with it.
    typeof value === 'function' ? Object.assign({ source: String(value) }, value) : value,
  );
  return `${foldVersion}-${hash53(definition).toString(36)}`;
};

export const MACHINE_VERSION = versionOf(sessionMachine, FOLD_VERSION);
