/** Which buttons can be pressed, by how the session stands and who one is. The server judges; this only spares refusals. */
import type { Status } from '../../../events/names.ts';

export interface Standing {
  readonly status: Status | undefined;
  readonly assignee: string | null;
}

export interface Abilities {
  readonly reply: boolean;
  readonly claim: boolean;
  readonly release: boolean;
  readonly transfer: boolean;
  readonly note: boolean;
  readonly close: boolean;
  readonly reopen: boolean;
}

const WRITERS = ['agent', 'service', 'admin'];

export const abilitiesOf = ({ status, assignee }: Standing, me: { role: string; sub: string }): Abilities => {
  const writes = WRITERS.includes(me.role) && status !== undefined;
  const isMine = status === 'assigned' && assignee === me.sub;
  return {
    reply: writes && isMine,
    claim: writes && (status === 'assistant' || status === 'queued'),
    release: writes && (isMine || (status === 'assigned' && me.role === 'admin')),
    transfer: writes && (isMine || (status === 'assigned' && me.role === 'admin')),
    note: writes,
    close: writes && status !== 'closed',
    reopen: writes && status === 'closed',
  };
};
