/**
 * Runs a CommonJS script, with V8's compiled form of it kept beside the script from one start to the next.
 *
 * Compiling is a third of a start. Node 20 keeps compiled code for nobody, and later ones only for their own loader. The
 * compiled form is a cache: it is used only if it is whole and of this very script, V8 itself refuses what another version of
 * it has made, and where the folder cannot be written to every start compiles.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { cachedDataVersionTag } from 'node:v8';
import { Script } from 'node:vm';

export interface Ran<Exported> {
  readonly exported: Exported;
  /** Keeps what has been compiled by now for later starts, unless it came from there. Takes some 20 ms then. Never throws. */
  readonly keep: () => void;
}

/** V8's version with its flags and the processor's features; more of them than these on one folder take turns. */
const FORMS_MAX = 4;
const DIGEST_BYTES = 32;
const WRAPPER = '(function (exports, require, module, __filename, __dirname) {';

export const runScript = <Exported>(file: string): Ran<Exported> => {
  const source = readFileSync(file, 'latin1');
  const kept = keptForm(file, source);
  const script = new Script(`${WRAPPER}${source}\n})`, {
    filename: file,
    // Traces count from the script's own beginning.
    columnOffset: -WRAPPER.length,
    ...(kept === undefined ? {} : { cachedData: kept }),
  });
  const module: { exports: unknown } = { exports: {} };
  const evaluate = script.runInThisContext() as (...given: readonly unknown[]) => void;
  evaluate(module.exports, createRequire(file), module, file, dirname(file));
  const isUsed = kept !== undefined && script.cachedDataRejected !== true;
  return {
    exported: module.exports as Exported,
    keep: () => {
      if (!isUsed) keepForm(file, source, script);
    },
  };
};

const EXTENSION = '.code';

const formOf = (file: string): string => `${file}.${cachedDataVersionTag().toString(36)}${EXTENSION}`;

const keptForm = (file: string, source: string): Buffer | undefined => {
  try {
    const stored = readFileSync(formOf(file));
    const code = stored.subarray(DIGEST_BYTES);
    return digest(file, source, code).equals(stored.subarray(0, DIGEST_BYTES)) ? code : undefined;
  } catch {
    return undefined;
  }
};

const keepForm = (file: string, source: string, script: Script): void => {
  const draft = `${formOf(file)}-${process.pid}`;
  try {
    const code = script.createCachedData();
    // Other processes may start at this moment: a form is there whole, or not at all.
    writeFileSync(draft, Buffer.concat([digest(file, source, code), code]));
    makeRoom(file);
    renameSync(draft, formOf(file));
  } catch {
    rmSync(draft, { force: true });
  }
};

const makeRoom = (file: string): void => {
  const folder = dirname(file);
  const forms = readdirSync(folder).filter((name) => name.startsWith(basename(file)) && name.endsWith(EXTENSION));
  if (forms.length >= FORMS_MAX) for (const form of forms) rmSync(join(folder, form), { force: true });
};

/** With the file's place, which the compiled form tells in traces. */
const digest = (file: string, source: string, code: Uint8Array): Buffer =>
  createHash('sha256').update(file).update(source, 'latin1').update(code).digest();
