/** What a process has of the others on the same log, and the same for a process that has its log to itself. */
import { type Ownership, soleOwnership } from '../../actors/ownership.ts';
import { localSessions, type Sessions } from '../../actors/sessions.ts';
import type { Supervisor } from '../../actors/supervisor.ts';
import type { EventLog } from '../../events/event-log.ts';
import type { SessionRef } from '../../events/names.ts';
import { noRelay, type Relay } from './relay.ts';

export interface Cluster {
  /** This process among the others. */
  readonly node: string;
  readonly sessions: Sessions;
  /** The process that serves a session as far as is known, `''` when none does. */
  readonly holderOf: (ref: SessionRef) => string;
  readonly ownership: Ownership;
  readonly relay: Relay;
  /** Lets the others take over: what is under way is finished first. */
  readonly leave: () => Promise<void>;
  readonly close: () => void;
}

/** A process that has its log to itself. */
export const noCluster = (supervisor: Supervisor, log: EventLog): Cluster => ({
  node: '',
  sessions: localSessions(supervisor, log),
  holderOf: () => '',
  ownership: soleOwnership(log.shards),
  relay: noRelay,
  leave: () => Promise.resolve(),
  close: () => undefined,
});
