/** `kefu replay`: prints what happened, from the log alone: as a transcript to read, or as NDJSON to work with. */
import { isLeft } from 'fp-ts/lib/Either.js';
import { lastSeq, type Stored } from '../../events/commit.ts';
import type { Batches, EventLog } from '../../events/event-log.ts';
import type { Fact } from '../../events/facts.ts';
import { isName } from '../../events/names.ts';
import { openLogForReading } from '../backends.ts';
import { readConfig } from '../config.ts';
import { WrongUsage } from './exit.ts';
import { progress } from './progress.ts';
import { parseReplayOptions, type ReplayOptions, type ReplayRange } from './replay-options.ts';
import { sayFact } from './say-fact.ts';
import { writeOut } from './write-out.ts';

export const replay = async (session: string | undefined, options: ReplayOptions): Promise<void> => {
  if (session !== undefined && !isName(session))
    throw new WrongUsage('session: expected 1 to 64 characters of A-Z a-z 0-9 _ -');
  const range = parseReplayOptions(options);
  if (isLeft(range)) throw new WrongUsage(range.left);
  const { log, close } = await openLogForReading(readConfig());
  try {
    const facts = await print(log, session, range.right);
    if (facts === 0 && session !== undefined)
      throw new WrongUsage(`there is no session ${session} in the tenant ${range.right.tenant ?? 'default'}`);
  } finally {
    await close();
  }
};

/** How many facts were printed. */
const print = async (log: EventLog, session: string | undefined, range: ReplayRange): Promise<number> => {
  const head = await log.head();
  const bar = progress('replay', head);
  const line = range.format === 'ndjson' ? ndjson : transcript;
  let facts = 0;
  for await (const batch of commitsOf(log, session, range.tenant)) {
    let out = '';
    for (const stored of batch) {
      const { commit } = stored;
      if (commit.at > range.untilMs) continue;
      for (const [index, fact] of commit.events.entries()) {
        if (commit.seq + index > range.untilSeq) break;
        out += line(stored, index, fact);
        facts += 1;
      }
    }
    if (out !== '' && !(await writeOut(out))) break;
    bar.reached(batch.at(-1)?.position ?? head);
    const last = batch.at(-1);
    if (session !== undefined && last !== undefined && lastSeq(last.commit) >= range.untilSeq) break;
  }
  bar.done(`${facts} facts`);
  return facts;
};

const commitsOf = (log: EventLog, session: string | undefined, tenant: string | undefined): Batches => {
  if (session !== undefined) return log.read({ tenant: tenant ?? 'default', session });
  return log.scan(tenant === undefined ? { after: 0 } : { after: 0, tenant });
};

/** One fact of a commit as a line. */
type Line = (stored: Stored, index: number, fact: Fact) => string;

/** The fact as it is encoded anyway, behind its place: nothing is copied to be printed. */
const ndjson: Line = ({ tenant, position, commit: { session, seq, at } }, index, fact) => {
  const whose = `"tenant":${JSON.stringify(tenant)},"session":"${session}","seq":${seq + index}`;
  return `{${whose},"at":${at},"position":"${position}-${index}",${JSON.stringify(fact).slice(1)}\n`;
};

const transcript: Line = ({ commit }, index, fact) => {
  const seq = commit.seq + index;
  const time = new Date(commit.at).toISOString().replace('T', ' ').slice(0, 19);
  return `${commit.session}  ${String(seq).padStart(4)}  ${time}  ${sayFact(fact)}\n`;
};
