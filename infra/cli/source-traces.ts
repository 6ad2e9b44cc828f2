/** Stack traces of a bundled script, told in the places of its sources. The map is read when the first trace is asked for. */
import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { dirname, resolve } from 'node:path';

/** V8's frames say themselves. */
interface Frame extends NodeJS.CallSite {
  toString(): string;
}

/** Wherever a trace says `script:line:column`, it says the source's file, line and column from here on. */
export const traceSources = (script: string): void => {
  let map: SourceMap | undefined;
  const mapOnce = (): SourceMap => {
    map ??= new SourceMap(JSON.parse(readFileSync(`${script}.map`, 'utf8')) as SourceMapPayload);
    return map;
  };
  Error.prepareStackTrace = (error, frames) =>
    [String(error), ...frames.map((frame) => `    at ${said(frame)}`)].join('\n');

  const said = (frame: Frame): string => {
    const line = frame.getLineNumber();
    const column = frame.getColumnNumber();
    const plain = frame.toString();
    if (frame.getFileName() !== script || line === null || column === null) return plain;
    try {
      const origin = mapOnce().findEntry(line - 1, column - 1);
      if (!('originalSource' in origin)) return plain;
      const source = resolve(dirname(script), origin.originalSource);
      return plain.replace(
        `${script}:${line}:${column}`,
        `${source}:${origin.originalLine + 1}:${origin.originalColumn + 1}`,
      );
    } catch {
      // Without its map a trace is still worth reading.
      return plain;
    }
  };
};
