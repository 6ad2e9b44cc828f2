/** Opening a session: acknowledged, its actor in memory, and its opener's socket following it. */
import { Loads } from '../loads.ts';
import type { Finding } from '../result.ts';
import { count, type RunOptions, type Scenario } from '../scenario.ts';
import { openStage, type Stage } from '../stage.ts';
import { findingOf, openAt, stretch } from '../stretch.ts';

/** Sockets of the platform's back end. */
const PLATFORM_SOCKETS = 32;
const AT_ONCE = 256;
/** Visitors who come with a socket each, in a whole run. */
const VISITORS = 12_000;
const VISITORS_QUICK = 200;

export const session: Scenario = {
  name: 'session',
  about:
    'One session, from the open frame to its ack and to its being joined, its actor in memory: by a platform’s back end ' +
    `over ${PLATFORM_SOCKETS} sockets (256 at a time, then open load at half of that), and by visitors who each bring a ` +
    'connection and a token of their own.',
  sizes: 'visitors with a socket each',
  run: async (options) => [...(await byPlatform(options)), ...(await byVisitors(options))],
};

const byPlatform = (options: RunOptions): Promise<readonly Finding[]> =>
  onStage(options, async (stage) => {
    const [warmUpMs, durationMs] = options.quick ? [300, 500] : [3_000, 5_000];
    const loads = await Loads.start(PLATFORM_SOCKETS, (load, sockets, name) =>
      load.ask('openers', { ...stage.gate(name), sockets }),
    );
    try {
      const requestsMax = Number.MAX_SAFE_INTEGER;
      const saturated = { kind: 'closed', atOnce: AT_ONCE } as const;
      options.say('by a platform, warming up');
      await stretch(stage, loads, { pace: saturated, durationMs: warmUpMs, requestsMax });
      options.say('by a platform, saturated');
      const most = await stretch(stage, loads, { pace: saturated, durationMs, requestsMax });
      options.say('by a platform, 50 %');
      const half = await stretch(stage, loads, { pace: openAt(most.perSecond, 0.5), durationMs, requestsMax });
      return [
        findingOf('by a platform, saturated', most, { delivery: 'joined' }),
        findingOf('by a platform, 50 %', half, { delivery: 'joined' }),
      ];
    } finally {
      await loads.stop();
    }
  });

const byVisitors = async (options: RunOptions): Promise<readonly Finding[]> => {
  const findings: Finding[] = [];
  for (const visitors of options.sizes ?? [options.quick ? VISITORS_QUICK : VISITORS])
    findings.push(
      ...(await onStage(options, async (stage) => {
        const loads = await Loads.start(visitors, (load, _, name) => load.ask('dwellers', stage.gate(name)));
        try {
          // Half of them warm the server up.
          const half = Math.floor(visitors / 2);
          const plan = { pace: { kind: 'closed', atOnce: AT_ONCE }, durationMs: 60_000, requestsMax: half } as const;
          options.say(`${count(visitors, 'visitor')} with sockets, warming up`);
          await stretch(stage, loads, { ...plan, from: 0, askers: half });
          options.say(`${count(visitors, 'visitor')} with sockets`);
          const rest = await stretch(stage, loads, { ...plan, from: half, askers: half });
          return [findingOf(`with a socket each, ${count(half, 'visitor')}`, rest, { delivery: 'joined' })];
        } finally {
          await loads.stop();
        }
      })),
    );
  return findings;
};

const onStage = async (
  options: RunOptions,
  what: (stage: Stage) => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> => {
  const stage = await openStage(options);
  try {
    return await what(stage);
  } finally {
    await stage.stop();
  }
};
