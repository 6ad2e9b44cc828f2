/** `kefu kb import`: puts the entries of a file into a running server's knowledge base. */
import type { Entry } from '../../../events/knowledge.ts';
import { FRAME_BYTES_MAX } from '../../../events/limits.ts';
import { entriesIn, type Line, type Lines } from '../../assistant/knowledge-lines.ts';
import { Unfinished } from '../exit.ts';
import { progress } from '../progress.ts';
import { readLines } from './files.ts';
import { type Answer, type Server, type ServerOptions, serverOf } from './server.ts';

/** Entries under way at once. */
const AT_ONCE = 8;
const FAILURES_NAMED_MAX = 20;
/** What is refused of one is refused of all, and what to do about it, by status. */
const ADVICE: ReadonlyMap<number, string> = new Map([
  [0, 'start the server, or say where it is with --url or KEFU_PORT'],
  [401, 'give an admin’s --token, or the settings with which the server signs (KEFU_SECRET, or KEFU_DATA_DIR)'],
  [403, 'only an admin’s token may change the knowledge'],
]);

/**
 * Nothing is sent before the whole file is right. The same file again changes nothing, so that an import that was cut short
 * is finished by starting it anew.
 */
export const importKnowledge = async (file: string, options: ServerOptions): Promise<void> => {
  const lines = await readLines(file, sendable);
  const server = await serverOf(options);
  const bar = progress('import', lines.length);
  const failures: string[] = [];
  let [next, made, kept] = [0, 0, 0];
  let hopeless: string | undefined;
  const work = async (): Promise<void> => {
    for (let line = lines[next++]; line !== undefined && hopeless === undefined; line = lines[next++]) {
      const { status, trouble } = await put(server, line);
      if (status === 201) made += 1;
      else if (status === 200) kept += 1;
      else {
        failures.push(`line ${line.number}: ${trouble}`);
        const advice = ADVICE.get(status);
        if (advice !== undefined) hopeless ??= `${trouble}; ${advice}`;
      }
      bar.reached(made + kept + failures.length);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const undone = lines.length - made - kept;
  bar.done(`${made} new, ${kept} replaced or as they were, ${undone} not done`);
  if (undone === 0) return;
  if (hopeless !== undefined) throw new Unfinished(`${undone} of ${lines.length} entries were not put: ${hopeless}`);
  const named = failures.slice(0, FAILURES_NAMED_MAX).join('\n  ');
  throw new Unfinished(
    `${undone} of ${lines.length} entries were not put:\n  ${named}\nrun the same command again to finish`,
  );
};

const put = (server: Server, { value: { id, ...content } }: Line<Entry>): Promise<Answer> =>
  server.send('PUT', `/v1/kb/${encodeURIComponent(id)}`, content);

const sendable = (text: string): Lines<Entry> => {
  const { lines, wrong } = entriesIn(text);
  const large = lines.filter(({ value }) => Buffer.byteLength(JSON.stringify(value)) > FRAME_BYTES_MAX);
  return {
    lines,
    wrong: [...wrong, ...large.map(({ number }) => `line ${number}: expected at most ${FRAME_BYTES_MAX} bytes`)],
  };
};
