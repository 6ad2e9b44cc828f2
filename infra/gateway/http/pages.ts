/** The console, the demo page and the widget: built files, read once and kept. */

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Problem } from '../problem.ts';
import type { Reply } from './route.ts';

/** Beside this file once built; in `dist/` when the sources run as they are. */
const folders = ['../../pages/', '../../../dist/infra/pages/'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);
const folder = folders.find((each) => existsSync(`${each}demo/main.js`));

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
};

const headers = {
  'content-security-policy':
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self' ws: wss:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
} as const;

const short: Readonly<Record<string, string>> = {
  '/': 'demo/index.html',
  '/console': 'console/index.html',
  '/widget.js': 'widget/main.js',
};
const ASSET = /^\/assets\/([a-z]+\/[a-z0-9-]+(?:\.[a-z]+){1,2})$/;

const kept = new Map<string, Promise<{ body: Buffer; tag: string } | undefined>>();

/** The page at a path, `undefined` where there is none. */
export const pageAt = async (path: string, ifNoneMatch: string | undefined): Promise<Reply | undefined> => {
  const file = short[path] ?? ASSET.exec(path)?.[1];
  if (file === undefined) return undefined;
  if (folder === undefined) return { _tag: 'Problem', problem: notBuilt };
  const page = await keep(file);
  if (page === undefined) return undefined;
  const type = types[extname(file)] ?? 'application/octet-stream';
  const tagged = { ...headers, etag: page.tag };
  return ifNoneMatch === page.tag
    ? { _tag: 'Text', status: 304, type, body: '', headers: tagged }
    : { _tag: 'Text', status: 200, type, body: page.body, headers: tagged };
};

const notBuilt: Problem = { code: 'not_found', message: 'the pages are not built; run `npm run build`' };

const keep = (file: string): Promise<{ body: Buffer; tag: string } | undefined> => {
  let page = kept.get(file);
  if (page === undefined) {
    page = readFile(`${folder}${file}`).then(
      (body) => ({ body, tag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 16)}"` }),
      () => undefined,
    );
    kept.set(file, page);
  }
  return page;
};
