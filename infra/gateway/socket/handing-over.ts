/**
 * A visitor's socket goes to the process that serves their session, where nothing of it passes between processes any more.
 * That is decided by the first frame, when nothing is under way on the socket and nobody waits for anything. Whoever follows
 * many sessions stays: they are served everywhere.
 */
import type { ClientFrame } from '../../../events/frames.ts';
import type { SessionRef } from '../../../events/names.ts';
import type { Luggage, Siblings } from '../../cluster/siblings.ts';
import { sessionOpenedAs } from '../opening.ts';
import type { Principal } from '../principal.ts';
import type { Service } from '../service.ts';

export interface Handover {
  readonly siblings: Siblings;
  /** The process that serves a session, `''` when none is known. */
  readonly holderOf: (ref: SessionRef) => string;
}

/** What another process needs to go on with a socket. */
export interface Passed extends Luggage {
  readonly principal: Principal;
  /** The first frame, which it is to answer. */
  readonly text: string;
  /** Bytes read behind that frame, in base64. */
  readonly rest: string;
}

/** The process that a socket with this first frame is to be given to, `undefined` where it stays. */
export const betterPlace = (service: Service, principal: Principal, frame: ClientFrame): string | undefined => {
  const { siblings, holderOf } = service.handover;
  if (principal.role !== 'visitor') return undefined;
  const session = sessionOf(service, principal, frame);
  if (session === undefined) return undefined;
  const node = holderOf({ tenant: principal.tenant, session });
  return siblings.has(node) ? node : undefined;
};

const sessionOf = (service: Service, principal: Principal, frame: ClientFrame): string | undefined => {
  if (frame.type === 'open') return sessionOpenedAs(service, principal, frame.id);
  return 'session' in frame ? frame.session : undefined;
};
