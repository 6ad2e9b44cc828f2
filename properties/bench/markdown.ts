/** Results as a page of the repository. */

import { tableOf } from './print-table.ts';
import type { Recorded } from './record.ts';
import { sayStand } from './result.ts';
import type { Scenario } from './scenario.ts';
import type { Backend } from './stage.ts';

export interface Chart {
  readonly scenario: string;
  readonly title: string;
  /** Relative to the page. */
  readonly path: string;
}

const PREFACE = `# What it costs

Made by \`npm run bench\`; not written by hand. The measure is **CPU time per operation, summed over every server process**
(all of Kefu's processes, nats-server, redis-server), user and system, as the kernel accounts for it: nanoseconds from
\`/proc/<pid>/task/*/schedstat\`, and \`/proc/<pid>/stat\` (ticks of 10 ms) for threads that have ended. What makes the load is
not in it and is told beside it. It is the figure that a busy or small machine falsifies least, and what says how much fits
on a larger one: 4 cores have 4,000,000 µs in a second. Rate and latency are told as they were on the machine named, where
servers and load share all cores.

- **rate**: operations completed in a second, with what the views owed at the end.
- **CPU**: µs an operation, all servers; **of that**: each of them; **on 4 cores**: 4,000,000 divided by it.
- **wake-ups**: times that a server's thread went to sleep, an operation. **memory**: resident at the end.
- **load**: µs an operation of what makes the load. **elsewhere**: what else the machine did, as a share of all its cores; it
  makes figures worse, never better.
- **sent late**: how much later than due the load was sent; the latencies beside it contain that. **views after**: how long
  after the last answer the views held everything.

Medians of all runs, on fresh servers each; the least and the greatest in parentheses.
`;

export const markdownOf = (
  recorded: readonly Recorded[],
  scenarios: readonly Scenario[],
  charts: readonly Chart[],
): string => [PREFACE, ...scenarios.flatMap((scenario) => sectionOf(recorded, scenario, charts))].join('\n');

const sectionOf = (
  recorded: readonly Recorded[],
  { name, about }: Scenario,
  charts: readonly Chart[],
): readonly string[] => {
  const its = recorded.filter(({ scenario }) => scenario === name);
  if (its.length === 0) return [];
  return [
    `## ${name}\n`,
    `${about}\n`,
    ...grouped(its).flatMap((cases) => tables(cases)),
    ...charts.filter(({ scenario }) => scenario === name).map(({ title, path }) => `![${title}](${path})\n`),
  ];
};

const names: Readonly<Record<Backend, string>> = { embedded: 'Embedded', nats: 'NATS and Redis' };

/** By what they stand on. */
const grouped = (cases: readonly Recorded[]): readonly (readonly Recorded[])[] => {
  const stands = [...new Set(cases.map((each) => sayStand(each)))].sort();
  return stands.map((stand) => cases.filter((each) => sayStand(each) === stand));
};

const tables = (cases: readonly Recorded[]): readonly string[] => {
  const [first] = cases;
  if (first === undefined) return [];
  const faults = cases.flatMap(({ what, faults: found }) => tallied(found).map((fault) => `- **${what}: ${fault}**`));
  const [headings = [], ...rows] = tableOf(cases, true);
  return [
    `### ${sayStand(first, names)}\n`,
    ...provenanceOf(cases),
    '',
    ...[headings, headings.map((_, column) => (column === 0 ? '---' : '---:')), ...rows].map(
      (row) => `| ${row.join(' | ')} |`,
    ),
    '',
    ...(faults.length === 0 ? [] : ['What went wrong:\n', ...faults, '']),
  ];
};

/** Each of them once, with how often it was found. */
const tallied = (faults: readonly string[]): readonly string[] => {
  const counts = new Map<string, number>();
  for (const fault of faults) counts.set(fault, (counts.get(fault) ?? 0) + 1);
  return [...counts].map(([fault, times]) => (times === 1 ? fault : `${fault} (${times} times)`));
};

const provenanceOf = (cases: readonly Recorded[]): readonly string[] => {
  const lines = cases.map(
    ({ from }) =>
      `\`${from.command}\`: ${from.runs} ${from.runs === 1 ? 'run' : 'runs'} of ${from.commit} on ${from.day}; ` +
      `${from.machine}; ${from.versions}; ${from.profile}.`,
  );
  return [...new Set(lines)].map((line) => `- ${line}`);
};
