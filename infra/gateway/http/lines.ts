/** An NDJSON answer, written as fast as the reader takes it. */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Stored } from '../../../events/commit.ts';
import type { Batches } from '../../../events/event-log.ts';

export const writeLines = async (
  response: ServerResponse,
  batches: Batches,
  line: (stored: Stored) => string,
): Promise<void> => {
  response.writeHead(200, { 'content-type': 'application/x-ndjson; charset=utf-8', 'cache-control': 'no-store' });
  response.flushHeaders();
  for await (const batch of batches) {
    const lines = batch.map(line).join('');
    if (lines === '') continue;
    if (response.destroyed) return;
    if (!response.write(lines)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
  }
  response.end();
};
