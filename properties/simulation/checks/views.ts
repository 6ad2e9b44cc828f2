/** The view that was kept through all that happened, against one that is made from the log at once. */
import type { Stored } from '../../../events/commit.ts';
import type { SessionRow } from '../../../projections/session-row.ts';
import { foldRow, messagesOf } from '../../../projections/session-row.ts';
import { MemoryViewStore } from '../../doubles/memory-view-store.ts';
import { dumpOf, type Step, ViewWriter } from '../../doubles/view-writer.ts';
import type { Ground } from '../ground.ts';

export const checkViews = async (live: MemoryViewStore, stored: readonly Stored[], ground: Ground): Promise<void> => {
  const rebuilt = new MemoryViewStore(live.shards);
  const rows = new Map<string, SessionRow>();
  const steps = stored.map((each): Step => {
    const after = foldRow(rows.get(each.commit.session), each);
    rows.set(each.commit.session, after);
    return { after, messages: messagesOf(each.commit) };
  });
  await new ViewWriter([rebuilt]).write(steps);
  const [is, should] = [await dumpOf(live), await dumpOf(rebuilt)];
  const wrong = should.findIndex((entry, index) => JSON.stringify(entry) !== JSON.stringify(is[index]));
  if (wrong < 0 && is.length === should.length) return;
  const at = wrong < 0 ? should.length : wrong;
  ground.violated(
    'a rebuild gives the live view',
    `the live view has ${JSON.stringify(is[at])} where a rebuild has ${JSON.stringify(should[at])}`,
  );
};
