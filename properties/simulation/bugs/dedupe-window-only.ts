/** Planted: a session that is read from the log does not know whose commands it has carried out. */
import type { Stored } from '../../../events/commit.ts';
import type { Batches, EventLog } from '../../../events/event-log.ts';
import type { Fact } from '../../../events/facts.ts';
import type { SessionRef } from '../../../events/names.ts';
import type { PlantedBug } from '../history.ts';
import { through } from './through.ts';

export const dedupeWindowOnly: PlantedBug = {
  name: 'receipts that are forgotten when a session is read again',
  law: 'a command is carried out once',
  log: (log) => through(log, { read: (ref, after) => forgetfully(log, ref, after) }),
};

async function* forgetfully(log: EventLog, ref: SessionRef, after?: number): Batches {
  for await (const batch of log.read(ref, after)) yield batch.map(forget);
}

const forget = (stored: Stored): Stored => {
  const [first, ...rest] = stored.commit.events;
  return { ...stored, commit: { ...stored.commit, events: [withoutId(first), ...rest.map(withoutId)] } };
};

const withoutId = (fact: Fact): Fact => ({ ...fact, clientId: `forgotten ${fact.clientId}` });
