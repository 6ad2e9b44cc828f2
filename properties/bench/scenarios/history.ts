/** A page of twenty messages from anywhere in a history: over HTTP and over the socket, from sessions in use and at rest. */
import { fillLog, sessionNames } from '../filled.ts';
import { factsOf } from '../load/filled-session.ts';
import { LoadProcess } from '../load-process.ts';
import { Loads } from '../loads.ts';
import type { Finding } from '../result.ts';
import { count, type RunOptions, type Scenario } from '../scenario.ts';
import { openStage, type Stage } from '../stage.ts';
import { findingOf, openAt, type Stretch, stretch } from '../stretch.ts';
import { viewsRebuilt } from '../views.ts';

/** Messages of each depth, in at least and at most so many sessions. */
const MESSAGES_EACH = 200_000;
const SESSIONS_MIN = 20;
const SESSIONS_MAX = 500;
const DEPTHS = [1, 100, 1_000, 10_000];
const DEPTHS_QUICK = [30];
/** Over HTTP a request is answered at once; a socket is answered once a beat, and it takes more of them to fill one. */
const CONNECTIONS = { http: 64, socket: 256 };
/** A long history is told several at a time, or else filling it would take longest of all. */
const MESSAGES_PER_COMMIT_MAX = 8;

export const history: Scenario = {
  name: 'history',
  about:
    `One page of 20 messages before a random place of a history, over ${CONNECTIONS.http} keep-alive HTTP connections or ` +
    `${CONNECTIONS.socket} sockets, one request at a time on each; then open load at half of that rate. “Hot” sessions are ` +
    'followed by an agent and their actor is in memory; of “cold” ones there is only what is stored.',
  sizes: 'messages in each session',
  run: async (options) => {
    const depths = options.sizes ?? (options.quick ? DEPTHS_QUICK : DEPTHS);
    const stage = await openStage(options, async (stores) => {
      const fillings = depths.flatMap((messages) =>
        ['hot', 'cold'].map((heat) => ({
          sessions: namesOf(heat, messages, options.quick),
          messages,
          messagesPerCommit: Math.min(MESSAGES_PER_COMMIT_MAX, Math.ceil(messages / 100)),
        })),
      );
      await fillLog(stores, fillings, options.say);
    });
    try {
      options.say('waiting for the views');
      await viewsRebuilt(stage);
      const findings: Finding[] = [];
      for (const messages of depths)
        for (const heat of ['hot', 'cold'] as const)
          for (const how of ['http', 'socket'] as const)
            findings.push(...(await read(stage, options, { messages, heat, how })));
      return findings;
    } finally {
      await stage.stop();
    }
  },
};

interface Kind {
  readonly messages: number;
  readonly heat: 'hot' | 'cold';
  readonly how: 'http' | 'socket';
}

const namesOf = (heat: string, messages: number, quick: boolean): readonly string[] =>
  sessionNames(
    `${heat}-${messages}`,
    Math.max(SESSIONS_MIN, Math.min(SESSIONS_MAX, Math.ceil((quick ? 0 : MESSAGES_EACH) / messages))),
  );

const read = async (stage: Stage, options: RunOptions, kind: Kind): Promise<readonly Finding[]> => {
  const { messages, heat, how } = kind;
  const sessions = namesOf(heat, messages, options.quick);
  const line = `${how === 'http' ? 'HTTP' : 'socket'}, ${heat}`;
  const what = `${line}, ${count(messages, 'message')} deep`;
  const followers = heat === 'hot' ? await follow(stage, sessions, factsOf({ messages })) : undefined;
  try {
    const atOnce = CONNECTIONS[how];
    const loads = await Loads.start(atOnce, (load, connections, name) =>
      load.ask('readers', { ...stage.gate(name), how, connections, sessions, messages }),
    );
    try {
      const [warmUpMs, durationMs] = options.quick ? [200, 400] : [1_500, 3_000];
      const pages = (pace: Parameters<typeof loads.drive>[0]['pace'], forMs: number): Promise<Stretch> =>
        stretch(stage, loads, { pace, durationMs: forMs, requestsMax: Number.MAX_SAFE_INTEGER });
      options.say(what);
      await pages({ kind: 'closed', atOnce }, warmUpMs);
      const most = await pages({ kind: 'closed', atOnce }, durationMs);
      const half = await pages(openAt(most.perSecond, 0.5), durationMs);
      return [
        findingOf(`${what}, saturated`, most, { place: { line, x: messages } }),
        findingOf(`${what}, 50 %`, half),
      ];
    } finally {
      await loads.stop();
    }
  } finally {
    await followers?.stop();
  }
};

/** Agents who have joined all of them. */
const follow = async (stage: Stage, sessions: readonly string[], seq: number): Promise<LoadProcess> => {
  const load = await LoadProcess.start();
  await load.ask('joiners', { ...stage.gate('followers'), sockets: 4, sessions, seq });
  const plan = {
    pace: { kind: 'closed', atOnce: 100 },
    durationMs: 60_000,
    from: 0,
    askers: sessions.length,
    requestsMax: sessions.length,
  } as const;
  const { faults } = await load.ask('drive', { plan, seed: 1 });
  if (faults.length > 0) throw new Error(`sessions could not be joined: ${faults.join('; ')}`);
  return load;
};
