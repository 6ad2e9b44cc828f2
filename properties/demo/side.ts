/** One of the two sides of a session, with all that came to it. */
import type { SessionHandle } from '../../infra/client/index.ts';
import type { Wire } from './recording-socket.ts';
import type { Witness } from './witness.ts';

export interface Side {
  readonly person: { readonly role: 'visitor' | 'agent'; readonly id: string };
  readonly handle: SessionHandle;
  /** What the client made of this session's events. */
  readonly witness: Witness;
  /** What came over the side's sockets, of all its sessions. */
  readonly wire: Wire;
  /** Lets go of the session. */
  leave(): void;
}
