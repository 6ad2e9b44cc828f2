/** `kefu whatif`: what another policy would have made of past sessions. Reads the log as `replay` does, and writes nothing. */
import { type FileHandle, open } from 'node:fs/promises';
import { Comparison } from '../../../actors/assistant/hindsight/comparison.ts';
import type { RecordedAnswers } from '../../../actors/assistant/hindsight/recorded-answers.ts';
import type { ModelSource } from '../../../actors/assistant/hindsight/second-thought.ts';
import type { KnowledgeLog } from '../../../events/knowledge-log.ts';
import { isName } from '../../../events/names.ts';
import { openLogForReading } from '../../backends.ts';
import { type Config, readConfig } from '../../config.ts';
import { WrongUsage } from '../exit.ts';
import { type Period, periodOf } from '../moment.ts';
import { progress } from '../progress.ts';
import { writeOut } from '../write-out.ts';
import type { Difference } from './differences.ts';
import { jsonOf } from './json.ts';
import { type LiveModel, liveModel } from './live-model.ts';
import { overTheLog, type Trial } from './over-the-log.ts';
import { readSides, type Sides } from './policy-file.ts';
import { type Found, reportOf } from './report.ts';

export interface WhatifOptions {
  readonly policy: string;
  readonly model: 'recorded' | 'live' | 'none';
  readonly examples: number;
  readonly since?: string;
  readonly until?: string;
  readonly tenant?: string;
  readonly json?: string;
}

export const whatif = async (options: WhatifOptions): Promise<void> => {
  const { tenant } = options;
  if (tenant !== undefined && !isName(tenant))
    throw new WrongUsage('--tenant: expected 1 to 64 characters of A-Z a-z 0-9 _ -');
  const period = periodOf(options);
  const config = readConfig();
  const sides = await readSides(options.policy, config);
  const live = options.model === 'live' ? await liveModel(config) : undefined;
  // Before the work: a file that cannot be written is told at once.
  const file = options.json === undefined ? undefined : await openForWriting(options.json);
  try {
    const { comparison, differences } = await tried(options, config, period, sides, live);
    const model = { source: options.model, requests: live?.requests() ?? 0 };
    const found: Found = { ...period, policy: options.policy, differences, comparison, model };
    await file?.writeFile(jsonOf(found));
    await writeOut(reportOf(found));
  } finally {
    await file?.close();
  }
};

const openForWriting = (file: string): Promise<FileHandle> =>
  open(file, 'w').catch((error: NodeJS.ErrnoException) => {
    throw new WrongUsage(`--json: ${file} cannot be written (${error.code ?? 'unknown error'})`);
  });

const tried = async (
  options: WhatifOptions,
  config: Config,
  period: Period,
  sides: Sides,
  live: LiveModel | undefined,
): Promise<Pick<Found, 'comparison' | 'differences'>> => {
  const { log, knowledgeLog, close } = await openLogForReading(config);
  try {
    const differences = [...sides.differences, ...(await takeInChanges(knowledgeLog, options.tenant, sides))];
    const comparison = new Comparison(options.examples);
    const until = await log.head();
    const bar = progress('whatif', 2 * until);
    const trial: Trial = {
      ...sides,
      period,
      reading: { tenant: options.tenant, until, untilMs: period.untilMs },
      sourceOf: (answers) => sourceOf(options, config, live, answers),
    };
    await overTheLog(log, trial, comparison, bar);
    bar.done(`${comparison.questions} questions in ${comparison.sessions} sessions`);
    return { comparison, differences };
  } finally {
    await close();
  }
};

/** What tenants have changed in their knowledge lies on top of what all start from, as it does in the server. */
const takeInChanges = async (
  log: KnowledgeLog,
  tenant: string | undefined,
  { before, after, replacesKnowledge }: Sides,
): Promise<readonly Difference[]> => {
  const tenants = new Set<string>();
  for await (const edits of log.read(0, tenant))
    for (const edit of edits) {
      tenants.add(edit.tenant);
      before.knowledge.apply(edit);
      if (!replacesKnowledge) after.knowledge.apply(edit);
    }
  if (!replacesKnowledge || tenants.size === 0) return [];
  const whose = tenants.size === 1 ? 'a tenant has' : `${tenants.size} tenants have`;
  return [{ place: 'knowledge', what: `without what ${whose} changed in it since` }];
};

const sourceOf = (
  { model: asked }: WhatifOptions,
  { model }: Config,
  live: LiveModel | undefined,
  answers: RecordedAnswers,
): ModelSource => {
  if (live !== undefined) return { _tag: 'Live', model: live.model };
  return asked === 'none' ? { _tag: 'None' } : { _tag: 'Recorded', answers, isAsked: model !== undefined };
};
