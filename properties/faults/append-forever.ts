/** Started as a process of its own, to be killed: appends to the embedded log and prints what was acknowledged. */
import { LmdbEventLog } from '../../infra/lmdb/event-log.ts';
import { LmdbStore } from '../../infra/lmdb/store.ts';
import { commitOf } from '../arbitraries/commits.ts';

const store = await LmdbStore.open({ folder: process.argv[2] ?? '' });
const log = new LmdbEventLog(store);
const converse = async (session: string): Promise<never> => {
  const ref = { tenant: 't', session };
  let commit = commitOf(ref, ['first']);
  for (let expected = 0; ; ) {
    const outcome = await log.append({ ...ref, commit, expected });
    if (outcome._tag !== 'Stored') throw new Error(outcome._tag);
    process.stdout.write(`${JSON.stringify({ tenant: 't', position: outcome.position, commit })}\n`);
    expected = outcome.position;
    commit = commitOf(ref, ['next'], commit);
  }
};
await Promise.all(['a', 'b', 'c', 'd', 'e'].map(converse));
