import { expect, test } from 'vitest';
import { seeded } from '../../demo/chance.ts';
import { Crowd } from './crowd.ts';
import { drive } from './drive.ts';
import { type Mistake, pretendServer } from './pretend-server.ts';
import { readBack } from './read-back.ts';

const SESSIONS = 10;
const MESSAGES = 50;

/** What a crowd has to say of a server that makes this mistake. */
const faultsOn = async (mistake: Mistake): Promise<readonly string[]> => {
  const server = await pretendServer(mistake);
  const crowd = new Crowd({ ...server.gate, sessions: SESSIONS, sessionsPerAgent: 4 });
  try {
    await crowd.enter();
    const driven = await drive(
      crowd,
      {
        pace: { kind: 'closed', atOnce: 10 },
        durationMs: 10_000,
        from: 0,
        askers: SESSIONS,
        requestsMax: MESSAGES,
        stillMaxMs: 300,
      },
      seeded(1),
    );
    expect(driven.asked).toBe(MESSAGES);
    const { compared, faults } = await readBack(crowd);
    expect(compared).toBe(MESSAGES);
    return [...driven.faults, ...faults];
  } finally {
    crowd.leave();
    server.close();
  }
};

test('a server that does everything right is found right', async () => {
  expect(await faultsOn('none')).toEqual([]);
});

test.each([
  ['never acked', [/^1 of 50 requests were never acked$/]],
  ['never delivered', [/^1 of 50 requests were never delivered$/]],
  ['delivered twice', [/^1 answers or events came twice/]],
  ['not in history', [/^history of s-\d: message 1 of 5 is another one or missing$/]],
  [
    'refused',
    [
      /never acked/,
      /never delivered/,
      /never echoed/,
      /^refused: unavailable {2}try again$/,
      /^history of s-\d: message/,
    ],
  ],
] as const)('a message that is %s is noticed', async (mistake, faults) => {
  expect(await faultsOn(mistake)).toEqual(faults.map((fault) => expect.stringMatching(fault) as string));
});
