/** Everything that is measured, in the order in which it is told. */
import type { Scenario } from './scenario.ts';
import { catchUp } from './scenarios/catch-up.ts';
import { coldStart } from './scenarios/cold-start.ts';
import { connection } from './scenarios/connection.ts';
import { growth } from './scenarios/growth.ts';
import { history } from './scenarios/history.ts';
import { message } from './scenarios/message.ts';
import { session } from './scenarios/session.ts';

export const scenarios: readonly Scenario[] = [message, session, history, connection, catchUp, coldStart, growth];
