/** `kefu export --as finetune`: what was said in good conversations, as examples for a model to learn from. */
import { tokensIn } from '../../actors/assistant/tokens.ts';
import { lastSeq } from '../../events/commit.ts';
import type { EventLog } from '../../events/event-log.ts';
import { isName } from '../../events/names.ts';
import { DialogueFold, type TrainingMessage } from '../../projections/training/dialogue.ts';
import { withoutPersonalData } from '../../projections/training/personal-data.ts';
import {
  type Bounds,
  type Ending,
  endingAfter,
  type LeftOut,
  leftOutBy,
  reasonsToLeaveOut,
  unended,
} from '../../projections/training/selection.ts';
import { type AssistantSettings, assistantSettings } from '../assistant/assistant-settings.ts';
import { openLogForReading } from '../backends.ts';
import { readConfig } from '../config.ts';
import { WrongUsage } from './exit.ts';
import { periodOf } from './moment.ts';
import { progress } from './progress.ts';
import { commitsIn, type Reading, Sessions } from './sessions-in-log.ts';
import { writeOut } from './write-out.ts';

export interface ExportOptions {
  readonly as: 'finetune';
  readonly ratedFrom: number;
  readonly tokensMax: number;
  readonly limit?: number;
  readonly since?: string;
  readonly until?: string;
  readonly tenant?: string;
  readonly system?: string;
  readonly keepPersonal?: boolean;
}

interface Wanted extends Bounds {
  readonly reading: Reading;
  readonly limit: number;
  readonly tokensMax: number;
  readonly systemFor: (tenant: string) => string;
  readonly clean: (text: string) => string;
}

const SYSTEM =
  'You are a customer service agent. You answer customers in a chat, briefly, to the point and in their language.';

export const exportDialogues = async (options: ExportOptions): Promise<void> => {
  const { tenant } = options;
  if (tenant !== undefined && !isName(tenant))
    throw new WrongUsage('--tenant: expected 1 to 64 characters of A-Z a-z 0-9 _ -');
  const period = periodOf(options);
  const config = readConfig();
  const settings = await assistantSettings(config);
  const { log, close } = await openLogForReading(config);
  try {
    await write(log, {
      ...period,
      ...contentOf(options, settings),
      scoreMin: options.ratedFrom,
      // What came later may have changed which sessions are over, so that it is read to the end.
      reading: { tenant, until: await log.head(), untilMs: Number.POSITIVE_INFINITY },
      limit: options.limit ?? Number.POSITIVE_INFINITY,
      tokensMax: options.tokensMax,
    });
  } finally {
    await close();
  }
};

const contentOf = (
  { system, keepPersonal = false }: ExportOptions,
  { filter, policies }: AssistantSettings,
): Pick<Wanted, 'systemFor' | 'clean'> => ({
  systemFor: (tenant) => system ?? (policies.of(tenant).instructions || SYSTEM),
  clean: (text) => filter.mask(keepPersonal ? text : withoutPersonalData(text)),
});

/** Twice through the log, so that nothing but how each session ended is kept of those that nobody will learn from. */
const write = async (log: EventLog, wanted: Wanted): Promise<void> => {
  const { reading, limit } = wanted;
  const bar = progress('export', 2 * reading.until);
  const leftOut = new Map<LeftOut, number>();
  const leave = (reason: LeftOut): void => void leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1);
  const chosen = new Map<string, Ending>();
  for (const [key, ending] of await endings(log, reading, (position) => bar.reached(position))) {
    const reason = leftOutBy(wanted, ending);
    if (reason === undefined) chosen.set(key, ending);
    else leave(reason);
  }
  const folds = new Map<string, DialogueFold>();
  let written = 0;
  for await (const { key, stored } of commitsIn(log, reading, (position) => bar.reached(reading.until + position))) {
    const ending = chosen.get(key);
    if (ending === undefined) continue;
    const fold = folds.get(key) ?? new DialogueFold();
    folds.set(key, fold);
    for (const fact of stored.commit.events) fold.take(fact);
    if (lastSeq(stored.commit) < ending.lastSeq) continue;
    folds.delete(key);
    chosen.delete(key);
    const line = lineOf(wanted, stored.tenant, fold.dialogue());
    if (line._tag === 'LeftOut') {
      leave(line.reason);
      continue;
    }
    if (!(await writeOut(line.text))) break;
    written += 1;
    if (written >= limit) break;
  }
  bar.done(
    [`${written} dialogues`, ...saidOf(leftOut), ...(chosen.size > 0 ? [`${chosen.size} not reached`] : [])].join('; '),
  );
};

const endings = async (
  log: EventLog,
  reading: Reading,
  reached: (position: number) => void,
): Promise<ReadonlyMap<string, Ending>> => {
  const known = new Sessions<Ending>();
  for await (const { key, stored } of commitsIn(log, reading, reached))
    known.set(key, endingAfter(known.get(key) ?? unended, stored.commit));
  return known;
};

type Line = { readonly _tag: 'Line'; readonly text: string } | { readonly _tag: 'LeftOut'; readonly reason: LeftOut };

const lineOf = ({ systemFor, clean, tokensMax }: Wanted, tenant: string, said: readonly TrainingMessage[]): Line => {
  if (said.length === 0) return { _tag: 'LeftOut', reason: 'no answer' };
  const messages: readonly TrainingMessage[] = [
    { role: 'system', content: systemFor(tenant) },
    ...said.map(({ role, content }) => ({ role, content: clean(content) })),
  ];
  const tokens = messages.reduce((sum, { content }) => sum + tokensIn(content), 0);
  if (tokens > tokensMax) return { _tag: 'LeftOut', reason: 'too long' };
  return { _tag: 'Line', text: `${JSON.stringify({ messages })}\n` };
};

const saidOf = (leftOut: ReadonlyMap<LeftOut, number>): readonly string[] => {
  const parts = reasonsToLeaveOut.flatMap((reason) => {
    const count = leftOut.get(reason) ?? 0;
    return count === 0 ? [] : [`${count} ${reason}`];
  });
  return parts.length === 0 ? [] : [`left out: ${parts.join(', ')}`];
};
