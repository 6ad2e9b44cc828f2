/** What the application gets to see of a session's facts. */
import type { Fact } from '../../events/facts.ts';
import type { Status } from '../../events/names.ts';

type Seen<F> = F extends Fact ? Omit<F, 'clientId'> : never;

/**
 * A fact as its reader may see it. To a visitor, a fact for staff is `Hidden`. Kefu grows by addition: let a `switch` over
 * `type` pass over what it does not know.
 */
export type SessionFact = Seen<Fact> | { readonly type: 'Hidden' };

/** A fact with its place in its session. */
export interface SessionEvent {
  readonly session: string;
  /** 1, 2, 3 … without a gap. */
  readonly seq: number;
  /** Unix milliseconds. */
  readonly at: number;
  readonly event: SessionFact;
}

/** What the events so far say of a session's status. */
export interface Standing {
  readonly status: Status | undefined;
  /** Whether a person was assigned since it was last opened: then a reopened session waits for a person again. */
  readonly hadPerson: boolean;
}

/** The standing after one more event, as the server's statechart has it. */
export const standingAfter = ({ status, hadPerson }: Standing, event: SessionFact): Standing => {
  switch (event.type) {
    case 'SessionOpened':
      return { status: 'assistant', hadPerson: false };
    case 'HandoffRequested':
      return { status: 'queued', hadPerson };
    case 'SessionReleased':
      return { status: 'queued', hadPerson: false };
    case 'SessionAssigned':
    case 'SessionTransferred':
      return { status: 'assigned', hadPerson: true };
    case 'SessionClosed':
      return { status: 'closed', hadPerson };
    case 'SessionReopened':
      return { status: hadPerson ? 'queued' : 'assistant', hadPerson: false };
    default:
      return { status, hadPerson };
  }
};
