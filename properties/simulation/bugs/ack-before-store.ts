/** Planted: "stored" is said as soon as the commit is sent, because it will be stored in a moment anyway. */
import type { Append, Appended, EventLog } from '../../../events/event-log.ts';
import type { PlantedBug } from '../history.ts';
import { through } from './through.ts';

export const ackBeforeStore: PlantedBug = {
  name: 'an ack before the commit is stored',
  law: 'what is acknowledged is stored',
  log: (log) => {
    const underWay = new Map<string, Promise<number>>();
    return through(log, { append: (append) => sendAndForget(log, append, underWay) });
  },
};

const sendAndForget = async (
  log: EventLog,
  append: Append,
  underWay: Map<string, Promise<number>>,
): Promise<Appended> => {
  const key = `${append.tenant}/${append.session}`;
  const before = underWay.get(key) ?? Promise.resolve(append.expected);
  const guess = (await log.head()) + 1;
  underWay.set(
    key,
    before.then(async (expected) => {
      const outcome = await log.append({ ...append, expected }).catch(() => undefined);
      return outcome?._tag === 'Stored' ? outcome.position : expected;
    }),
  );
  return { _tag: 'Stored', position: guess };
};
