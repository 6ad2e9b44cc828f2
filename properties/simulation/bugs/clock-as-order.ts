/** Planted: whoever follows the log takes what is older than the newest they have seen for seen; ids are made of the time. */

import { right } from 'fp-ts/lib/Either.js';
import type { Batches, EventLog, Scan } from '../../../events/event-log.ts';
import { printId } from '../../../events/ids.ts';
import type { PlantedBug } from '../history.ts';
import { through } from './through.ts';

export const clockAsOrder: PlantedBug = {
  name: 'a log that is followed by time',
  law: 'a rebuild gives the live view',
  followed: (log) => through(log, { scan: (scan) => byTime(log, scan) }),
};

async function* byTime(log: EventLog, scan: Scan): Batches {
  let newest = 0;
  for await (const batch of log.scan(scan)) {
    const news = batch.filter(({ commit }) => commit.at >= newest);
    newest = Math.max(newest, ...batch.map(({ commit }) => commit.at));
    if (news.length > 0) yield news;
  }
}

export const clockAsId: PlantedBug = {
  name: 'ids that are made of the time alone',
  law: 'ids are unique and increasing',
  world: (world) => {
    let counter = 0;
    return {
      ...world,
      freshId: () => {
        counter = (counter + 1) % 4_096;
        return right(printId({ millis: world.now(), counter, worker: 1 }));
      },
    };
  },
};
