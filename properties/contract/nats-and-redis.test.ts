import { describe } from 'vitest';
import { everyLaw, running } from './every-law.ts';
import { natsAndRedis } from './grounds.ts';
import { impatient, outageLaws } from './laws/outages.ts';

everyLaw(natsAndRedis);

describe('when a server that Kefu stands on goes away', () => {
  const { kefu, ground } = running(natsAndRedis, { limits: impatient });
  outageLaws(kefu, ground);
});
