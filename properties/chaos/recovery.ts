/** Whether an installation serves again: asked of it the way its users would notice. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Conversation } from './crowd.ts';
import type { Ground } from './ground.ts';

const RECOVERED_WITHIN_MS = 90_000;
const LOOK_EVERY_MS = 10;

/** Resolves when in each of these conversations something said now is acknowledged and seen by both. Says where not. */
export const recovered = async (conversations: readonly Conversation[]): Promise<readonly string[]> => {
  const deadline = performance.now() + RECOVERED_WITHIN_MS;
  const probes = conversations.map(async ({ visitor, agent }) => {
    const probe = visitor.say(false, ' probe');
    const text = visitor.said.at(-1)?.text ?? '';
    const giveUp = sleep(deadline - performance.now(), undefined, { ref: false });
    await Promise.race([probe, giveUp]);
    while (!(visitor.saw(text) && (agent?.saw(text) ?? true)) && performance.now() < deadline)
      await sleep(LOOK_EVERY_MS);
    const { outcome } = visitor.said.find((said) => said.text === text) ?? {};
    if (outcome === 'acked' && visitor.saw(text) && (agent?.saw(text) ?? true)) return [];
    const seen = `seen by the visitor: ${visitor.saw(text)}, by the agent: ${agent?.saw(text)}`;
    return [`${visitor.session}: "${text}" is ${outcome} after ${RECOVERED_WITHIN_MS} ms; ${seen}`];
  });
  return (await Promise.all(probes)).flat();
};

/** Resolves when every machine is ready and has all its workers. Says which has not. */
export const staffed = async ({ machines, workers }: Ground): Promise<readonly string[]> => {
  const deadline = performance.now() + RECOVERED_WITHIN_MS;
  for (;;) {
    const ready = await Promise.all(machines.map(({ isReady }) => isReady()));
    const short = machines.filter((machine, index) => ready[index] !== true || machine.workers().length !== workers);
    if (short.length === 0) return [];
    if (performance.now() > deadline)
      return short.map((machine) => `${machine.url} has workers ${machine.workers().join(', ')}, ${workers} wanted`);
    await sleep(LOOK_EVERY_MS * 5);
  }
};
