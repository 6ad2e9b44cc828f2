/** Reads NDJSON as it comes. */
import type { HttpClient } from './http-client.ts';

export interface Line {
  readonly position: string;
  readonly session: string;
  readonly seq: number;
  readonly at: number;
  readonly type: string;
  readonly text?: string;
}

export const linesOf = (text: string): readonly Line[] =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line);

export interface LineStream {
  readonly response: Response;
  /** The next so many lines, when they are here. */
  readonly take: (count: number) => Promise<readonly Line[]>;
  /** Hangs up. */
  readonly end: () => Promise<void>;
}

export const readLines = async (http: HttpClient, path: string): Promise<LineStream> => {
  const hangUp = new AbortController();
  const response = await http.open(path, { signal: hangUp.signal });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  const read: Line[] = [];
  return {
    response,
    take: async (count) => {
      while (read.length < count) {
        const chunk = await reader?.read();
        if (chunk === undefined || chunk.done) throw new Error(`the stream ended with ${read.length} lines to come`);
        rest += chunk.value;
        const whole = rest.lastIndexOf('\n') + 1;
        read.push(...linesOf(rest.slice(0, whole)));
        rest = rest.slice(whole);
      }
      return read.splice(0, count);
    },
    end: async () => {
      hangUp.abort();
      await reader?.cancel().catch(() => undefined);
    },
  };
};
