#!/usr/bin/env -S node --max-semi-space-size=64 --no-parallel-scavenge --heap-growing-percent=600 --expose-gc
/**
 * `kefu`, as it is started: built, the whole program is one script beside this one (`infra/build.mjs` makes both), because
 * finding, reading and linking some 600 modules takes longer than everything else that a start does.
 */
import { fileURLToPath } from 'node:url';
import { runScript } from './compiled-script.ts';
import type { run } from './program.ts';
import { traceSources } from './source-traces.ts';

const script = fileURLToPath(new URL('./program.js', import.meta.url));

traceSources(script);
const { exported, keep } = runScript<{ readonly run: typeof run }>(script);
// It ends the process itself when something is wrong.
void exported.run(process.argv.slice(2), keep);
