/**
 * `npm run build`: the library and server with tsc, the command line's program and the pages with esbuild, into dist/.
 *
 * Everything is built in a folder beside dist/ which then takes its place, so dist/ is whole at every moment: two builds at
 * once, or a failed one, never leave half of it.
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const pages = join(root, 'infra/pages');

/** @param {string} outDir */
const compile = (outDir) => {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const args = [tsc, '-p', join(root, 'tsconfig.build.json'), '--outDir', outDir];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error('tsc found errors');
};

/** @param {string} outDir */
const bundlePages = async (outDir) => {
  const names = existsSync(pages) ? readdirSync(pages).filter((name) => existsSync(join(pages, name, 'main.tsx'))) : [];
  if (names.length === 0) return;
  const { build } = await import('esbuild');
  for (const name of names) {
    await build({
      entryPoints: [join(pages, name, 'main.tsx')],
      outfile: join(outDir, 'infra/pages', name, 'main.js'),
      tsconfig: join(root, 'tsconfig.browser.json'),
      bundle: true,
      // The widget is a classic script on other people's pages and must leave nothing in their global scope.
      format: name === 'widget' ? 'iife' : 'esm',
      target: 'es2022',
      minify: true,
      sourcemap: true,
      logLevel: 'warning',
    });
    for (const file of readdirSync(join(pages, name))) {
      if (/\.(html|css)$/.test(file)) cpSync(join(pages, name, file), join(outDir, 'infra/pages', name, file));
    }
  }
};

/** Stands before a bundle: the address of a file by its path. */
const ADDRESS = '"use strict"; const addressOf = (path) => require("node:url").pathToFileURL(path).href;';

/**
 * In a bundle each file still finds its neighbours, by its own address. And every character is ASCII, which esbuild sees to
 * itself except in regular expressions: the bundle is read as what takes the least time to read.
 * @param {string} home The folder that the bundle is for.
 * @returns {import('esbuild').Plugin}
 */
const fitToBundle = (home) => ({
  name: 'fit-to-bundle',
  setup: (bundler) => {
    bundler.onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const place = JSON.stringify(`/${relative(home, path).replaceAll('\\', '/')}`);
      const source = readFileSync(path, 'utf8').replaceAll('import.meta.url', `addressOf(__dirname + ${place})`);
      return { loader: 'ts', contents: inAscii(source) };
    });
    bundler.onLoad({ filter: /\.[cm]?js$/ }, ({ path }) => ({
      loader: 'js',
      contents: inAscii(readFileSync(path, 'utf8')),
    }));
  },
});

/**
 * Other characters as escapes, which mean the same in strings, templates and regular expressions, and nothing in comments.
 * @param {string} source
 */
const inAscii = (source) =>
  source.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/**
 * The licences of the packages that these files are of: whoever hands on their code hands on those too.
 * @param {readonly string[]} files
 */
const licensesOf = (files) => {
  const packages = new Set(files.map((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? ''));
  packages.delete('');
  return [...packages]
    .toSorted()
    .map((folder) => {
      const name = readdirSync(join(root, folder)).find((file) => /^licen[cs]e/i.test(file));
      const text = readFileSync(join(root, folder, name ?? 'package.json'), 'utf8').trim();
      return `${folder.replace(/^.*node_modules\//, '')}\n\n${text}\n`;
    })
    .join(`\n${'-'.repeat(80)}\n\n`);
};

/**
 * `kefu` in two CommonJS scripts, which are quicker to load than modules of any number: `program.js`, all that it runs, and
 * `main.js`, which runs it. Names stay as they are: traces tell them, and snapshots are known by the text of the machine's
 * functions. What has native parts is not bundled.
 * @param {string} outDir
 */
const bundleCommandLine = async (outDir) => {
  const cli = join(outDir, 'infra/cli');
  rmSync(cli, { recursive: true });
  const { build } = await import('esbuild');
  const { metafile } = await build({
    entryPoints: ['main.ts', 'program.ts'].map((name) => join(root, 'infra/cli', name)),
    outdir: cli,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20.19',
    external: ['lmdb'],
    // As modules: of a CommonJS package every function is looked up by its name at each call.
    alias: { 'fp-ts/lib': 'fp-ts/es6', 'io-ts': 'io-ts/es6/index.js' },
    banner: { js: ADDRESS },
    minifyWhitespace: true,
    minifySyntax: true,
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
    absWorkingDir: root,
    plugins: [fitToBundle(join(root, 'infra/cli'))],
  });
  for (const name of ['main.js', 'program.js'])
    if (!/^[\0-\x7f]*$/.test(readFileSync(join(cli, name), 'latin1'))) throw new Error(`${name}: expected ASCII alone`);
  writeFileSync(join(cli, 'LICENSES.txt'), licensesOf(Object.keys(metafile.inputs)));
  writeFileSync(join(cli, 'package.json'), '{ "type": "commonjs" }\n');
  chmodSync(join(cli, 'main.js'), 0o755);
};

const SWAP_ATTEMPTS_MAX = 10;

/** @param {string} draft */
const takePlaceOfDist = (draft) => {
  for (let attempt = 1; ; attempt += 1) {
    const old = `${draft}-old-${attempt}`;
    try {
      if (existsSync(dist)) renameSync(dist, old);
      renameSync(draft, dist);
      return;
    } catch (error) {
      // Another build took the place between the two renames; the later one is as good, and goes on top.
      if (attempt === SWAP_ATTEMPTS_MAX) throw error;
    } finally {
      rmSync(old, { recursive: true, force: true });
    }
  }
};

/** Builds dist/, or throws and leaves the dist/ there was. */
export const buildDist = async () => {
  process.stderr.write('kefu: building dist/\n');
  // As deep as dist/, so that the relative paths in source maps hold after the move.
  const draft = mkdtempSync(join(root, '.dist-'));
  const startedAt = statSync(draft).mtime;
  try {
    compile(draft);
    await bundleCommandLine(draft);
    await bundlePages(draft);
    chmodSync(draft, 0o755);
    takePlaceOfDist(draft);
    // A source saved while the build ran must count as newer than the build.
    utimesSync(dist, startedAt, startedAt);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildDist().catch((error) => {
    process.stderr.write(`kefu: the build failed: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
