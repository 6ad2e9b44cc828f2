#!/usr/bin/env -S node --max-semi-space-size=64
/**
 * `kefu`, as it is started. Built, the whole program is one script beside this file (`infra/build.mjs` makes it), because
 * finding, reading and linking some 600 modules takes longer than everything else that a start does.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runScript } from './compiled-script.ts';
import { traceSources } from './source-traces.ts';

/** What `program.ts` offers, whichever way it is loaded. */
interface Program {
  run(args: readonly string[], started: () => void): Promise<void>;
}

const script = fileURLToPath(new URL('program.cjs', import.meta.url));
const args = process.argv.slice(2);

if (existsSync(script)) {
  traceSources(script);
  const { exported, keep } = runScript<Program>(script);
  await exported.run(args, keep);
} else {
  const { run } = await import('./program.ts');
  await run(args);
}
