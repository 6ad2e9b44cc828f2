/** What the gateway serves from: the parts that `backbone.ts` has put together. */
import type { Logger } from 'pino';
import type { Supervisor } from '../../actors/supervisor.ts';
import type { World } from '../../actors/world.ts';
import type { EventLog } from '../../events/event-log.ts';
import type { Reader } from '../../projections/reader.ts';
import type { Limits } from '../config.ts';
import type { Counters } from '../metrics.ts';
import type { SignIn } from './sign-in.ts';
import type { InboxHub } from './socket/inbox-hub.ts';
import type { Tokens } from './tokens.ts';

export interface Service {
  readonly supervisor: Supervisor;
  readonly reader: Reader;
  readonly log: EventLog;
  readonly world: World;
  readonly tokens: Tokens;
  readonly signIn: SignIn;
  readonly inbox: InboxHub;
  readonly counters: Counters;
  readonly limits: Limits;
  readonly logger: Logger;
  /** Session ids of opens that carry a client id are derived under this key. */
  readonly secret: Uint8Array;
  /** What is not able to serve right now; empty when all is well. */
  readonly troubles: () => readonly string[];
}
