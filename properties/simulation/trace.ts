/** What led to a violation, short enough to be read. */
import { type PlantedBug, runHistory } from './history.ts';

const LINES_MAX = 40;
const LINE_CHARS_MAX = 180;

/** Runs the history again and gives its last lines before the first violation, those alone that concern its session. */
export const traceOf = async (seed: number, bug?: PlantedBug): Promise<string> => {
  const lines: string[] = [];
  await runHistory({ seed, ...(bug === undefined ? {} : { bug }), trace: (line) => lines.push(line) });
  const end = lines.findIndex((line) => line.includes('VIOLATED'));
  const violation = lines[end] ?? '';
  const session = /\bs\d\b/.exec(violation)?.[0];
  const told = lines
    .slice(0, end + 1)
    .filter((line) => session === undefined || !/\bs\d\b/.test(line) || line.includes(session))
    .slice(-LINES_MAX);
  return told.map((line) => (line.length > LINE_CHARS_MAX ? `${line.slice(0, LINE_CHARS_MAX - 1)}…` : line)).join('\n');
};
