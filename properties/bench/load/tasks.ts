/** What a load process can be told to do, one thing after the other. */
import { seeded } from '../../demo/chance.ts';
import { type Environment, rebuild, scan } from './catching-up.ts';
import { Crowd, type CrowdOrder } from './crowd.ts';
import { type Askers, drive, type Plan } from './drive.ts';
import { Dwellers } from './dwellers.ts';
import { fill } from './fill.ts';
import type { Gate } from './gate.ts';
import { Joiners, type JoinersOrder } from './joiners.ts';
import { Openers, type OpenersOrder } from './openers.ts';
import { readBack } from './read-back.ts';
import { Readers, type ReadersOrder } from './readers.ts';

interface Present extends Askers {
  leave(): void;
}

let present: Present | undefined;

const whoever = (): Present => {
  if (present === undefined) throw new Error('nobody has entered yet');
  return present;
};

const enter = async (people: Present & { enter(): Promise<void> }): Promise<void> => {
  present = people;
  await people.enter();
};

export const tasks = {
  crowd: (order: CrowdOrder) => enter(new Crowd(order)),
  openers: (order: OpenersOrder) => enter(new Openers(order)),
  readers: (order: ReadersOrder) => enter(new Readers(order)),
  joiners: (order: JoinersOrder) => enter(new Joiners(order)),
  dwellers: (gate: Gate) => {
    present = new Dwellers(gate);
  },
  drive: (order: { readonly plan: Plan; readonly seed: number }) => drive(whoever(), order.plan, seeded(order.seed)),
  /** Everybody who dwells loses the socket. */
  drop: () => {
    if (!(present instanceof Dwellers)) throw new Error('nobody dwells here');
    present.drop();
  },
  readBack: () => {
    if (!(present instanceof Crowd)) throw new Error('nobody has talked here');
    return readBack(present);
  },
  leave: () => {
    present?.leave();
    present = undefined;
  },
  fill,
  scan: (environment: Environment) => scan(environment),
  rebuild: (environment: Environment) => rebuild(environment),
};

export type Tasks = typeof tasks;
export type TaskName = keyof Tasks;
