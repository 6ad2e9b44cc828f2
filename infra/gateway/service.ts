/** What the gateway serves from: the parts that `backbone.ts` has put together. */
import type { Logger } from 'pino';
import type { KnowledgeKeeper } from '../../actors/assistant/knowledge/knowledge-keeper.ts';
import type { Policies } from '../../actors/assistant/policy.ts';
import type { Reranker } from '../../actors/assistant/reranker.ts';
import type { Sessions } from '../../actors/sessions.ts';
import type { World } from '../../actors/world.ts';
import type { Deadlines } from '../../events/deadlines.ts';
import type { EventLog } from '../../events/event-log.ts';
import type { SessionRef } from '../../events/names.ts';
import type { Reader } from '../../projections/reader.ts';
import type { Beat } from '../beat.ts';
import type { Relay } from '../cluster/relay.ts';
import type { Limits } from '../config.ts';
import type { Counters } from '../metrics.ts';
import type { SignIn } from './sign-in.ts';
import type { Handover } from './socket/handing-over.ts';
import type { InboxHub } from './socket/inbox-hub.ts';
import type { Tokens } from './tokens.ts';

export interface Service {
  readonly sessions: Sessions;
  readonly reader: Reader;
  /** A position that a seq of the session stands not far behind. */
  readonly startOf: (ref: SessionRef, seq: number) => Promise<number>;
  readonly log: EventLog;
  readonly knowledge: KnowledgeKeeper;
  /** How each tenant's assistant behaves. */
  readonly policies: Policies;
  /** A second opinion on what is offered, where one is set up. */
  readonly reranker: Reranker | undefined;
  readonly world: World;
  readonly tokens: Tokens;
  readonly signIn: SignIn;
  readonly inbox: InboxHub;
  /** What is said to the other processes in passing. */
  readonly relay: Relay;
  /** Where sockets may be given to. */
  readonly handover: Handover;
  /** When sockets are written to. */
  readonly beat: Beat;
  readonly counters: Counters;
  readonly limits: Limits;
  /** The policy that sessions are opened under. */
  readonly deadlines: Deadlines;
  readonly logger: Logger;
  /** Session ids of opens that carry a client id are derived under this key. */
  readonly secret: Uint8Array;
  /** What is not able to serve right now; empty when all is well. */
  readonly troubles: () => readonly string[];
}
