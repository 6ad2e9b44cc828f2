/** What a load process can be told to do, one thing after the other. */
import { seeded } from '../../demo/chance.ts';
import { Crowd, type CrowdOrder } from './crowd.ts';
import { readBack } from './read-back.ts';
import { type TalkPlan, talk } from './talk.ts';

let crowd: Crowd | undefined;

const present = (): Crowd => {
  if (crowd === undefined) throw new Error('nobody has entered yet');
  return crowd;
};

export const tasks = {
  enter: async (order: CrowdOrder) => {
    crowd = new Crowd(order);
    await crowd.enter();
  },
  talk: (order: { readonly plan: TalkPlan; readonly seed: number }) => talk(present(), order.plan, seeded(order.seed)),
  readBack: () => readBack(present()),
  leave: () => {
    crowd?.leave();
    crowd = undefined;
  },
};

export type Tasks = typeof tasks;
export type TaskName = keyof Tasks;
