/** The real session, on every log, does what a naive model says: who may what, the state, the seqs, and repeated ids. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EventLog } from '../events/event-log.ts';
import { freshRef } from './arbitraries/commits.ts';
import { chosen, sayWhere } from './chosen-seed.ts';
import type { LogUnderTest } from './conformance/event-log.ts';
import { SteeredLog } from './doubles/steered-log.ts';
import { logInLmdb, logInNats } from './doubles/stored-logs.ts';
import { opening, sessionCommands } from './model/model-commands.ts';
import { newSession } from './model/session-model.ts';
import { SessionUnderTest } from './model/session-under-test.ts';

console.log(sayWhere('a session and its model'));

const COMMANDS_MAX = 60;

const holds = (make: () => { readonly log: EventLog; readonly steered?: SteeredLog }, numRuns: number): Promise<void> =>
  fc.assert(
    fc.asyncProperty(sessionCommands(COMMANDS_MAX), fc.boolean(), async (commands, isOpened) => {
      const { log, steered } = make();
      const session = new SessionUnderTest(log, freshRef(), steered);
      const steps = isOpened ? [opening, ...commands] : commands;
      await fc.asyncModelRun(() => ({ model: newSession(), real: session }), steps);
      await session.stop();
    }),
    chosen(numRuns),
  );

describe('a session is what its model is', () => {
  test('on a log in memory that goes wrong', async () => {
    const onSteered = holds(() => {
      const steered = new SteeredLog();
      return { log: steered, steered };
    }, 150);
    await expect(onSteered).resolves.toBeUndefined();
  }, 300_000);

  describe.each([
    ['LMDB', logInLmdb, 15],
    ['NATS', logInNats, 8],
  ] as const)('on %s', (_, start, numRuns) => {
    let under: LogUnderTest;
    beforeAll(async () => {
      under = await start();
    });
    afterAll(() => under.close());

    test('that works', async () => {
      await expect(holds(() => ({ log: under.log }), numRuns)).resolves.toBeUndefined();
    }, 300_000);
  });
});
