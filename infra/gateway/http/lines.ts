/** An NDJSON answer, written as fast as the reader takes it. */
import type { ServerResponse } from 'node:http';
import type { Stored } from '../../../events/commit.ts';
import type { Batches } from '../../../events/event-log.ts';
import { cors } from './route.ts';

const headers = {
  ...cors,
  'content-type': 'application/x-ndjson; charset=utf-8',
  'cache-control': 'no-store',
} as const;

/** `scan` is told by its signal when the reader has gone. */
export const writeLines = async (
  response: ServerResponse,
  scan: (signal: AbortSignal) => Batches,
  line: (stored: Stored) => string,
): Promise<void> => {
  // Whoever has gone by now is not told of again.
  if (response.destroyed) return;
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  response.writeHead(200, headers);
  response.flushHeaders();
  for await (const batch of scan(gone.signal)) {
    if (response.destroyed) return;
    const lines = batch.map(line).join('');
    if (lines !== '' && !response.write(lines)) await writable(response);
  }
  response.end();
};

/** Resolves when the reader has taken what was written, or is gone. */
const writable = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
  });
