/** `kefu kb export`: prints a running server's knowledge base, one entry a line, as `kefu kb import` takes it. */
import { isLeft } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { decode, orNull, struct } from '../../../events/codec.ts';
import { Entry, EntryId } from '../../../events/knowledge.ts';
import { PAGE_MAX } from '../../../events/limits.ts';
import { Unfinished } from '../exit.ts';
import { writeOut } from '../write-out.ts';
import { type ServerOptions, serverOf } from './server.ts';

const Page = struct({ entries: t.array(Entry), next: orNull(EntryId) });

export const exportKnowledge = async (options: ServerOptions): Promise<void> => {
  const server = await serverOf(options);
  let count = 0;
  for (let after: string | null = ''; after !== null; ) {
    const behind: string = after === '' ? '' : `&after=${encodeURIComponent(after)}`;
    const { status, body, trouble } = await server.send('GET', `/v1/kb?limit=${PAGE_MAX}${behind}`);
    const page = decode(Page, body);
    if (status !== 200 || isLeft(page)) throw new Unfinished(`${count} entries were printed, and then: ${trouble}`);
    const { entries, next } = page.right;
    if (!(await writeOut(entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')))) return;
    count += entries.length;
    after = next;
  }
  process.stderr.write(`export: ${count} entries\n`);
};
