import { everySharedLaw } from './every-law.ts';
import { natsAndRedis } from './grounds.ts';

everySharedLaw(natsAndRedis);
