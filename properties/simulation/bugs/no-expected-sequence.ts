/** Planted: a commit is stored wherever the session stands, as if there were only ever one writer. */
import type { Append, Appended, EventLog } from '../../../events/event-log.ts';
import type { PlantedBug } from '../history.ts';
import { through } from './through.ts';

export const noExpectedSequence: PlantedBug = {
  name: 'appends without an expected position',
  law: 'seqs are gapless',
  log: (log) => through(log, { append: (append) => appendAnyway(log, append) }),
};

const appendAnyway = async (log: EventLog, append: Append): Promise<Appended> => {
  let { expected } = append;
  for (;;) {
    const outcome = await log.append({ ...append, expected });
    if (outcome._tag !== 'Conflict') return outcome;
    for await (const batch of log.read(append, expected)) expected = batch.at(-1)?.position ?? expected;
  }
};
