import { logInLmdb, logInNats } from '../doubles/stored-logs.ts';
import { eventLogLaws } from './event-log.ts';

eventLogLaws('LMDB', logInLmdb);
eventLogLaws('NATS', logInNats);
