/**
 * Unpacks Debian packages into a folder without installing anything.
 *
 * apt runs with its lists, cache, status and configuration all inside a private folder, so no system file is read for
 * writing and no root is needed. Hooks of the machine's configuration are left out on purpose: container images ship
 * some that empty the system's package cache. The machine's `Acquire` settings (proxies, dates) are kept.
 */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AptSource, mainArchive, readAptSources, toStanza } from './apt-sources.ts';
import { onPath, runCommand } from './run-command.ts';

/** `own`: the suites the machine already uses. `sid`: Debian's newest, from the same archive. */
export type Suite = 'own' | 'sid';

export interface DebianPackages {
  /** Downloads the packages and unpacks them below `folder`. */
  readonly unpack: (packages: readonly string[], folder: string) => Promise<void>;
  /** The direct dependencies of a package. */
  readonly dependencies: (name: string) => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
}

const UPDATE_TIMEOUT_MS = 300_000;

const release = async (): Promise<{ readonly id: string; readonly codename: string }> => {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const field = (name: string): string => new RegExp(`^${name}="?([^"\n]*)`, 'm').exec(text)?.[1] ?? '';
  return { id: field('ID'), codename: field('VERSION_CODENAME') };
};

const sourcesFor = async (suite: Suite): Promise<readonly AptSource[]> => {
  const { id, codename } = await release();
  const sources = await readAptSources();
  const archive = mainArchive(sources, codename);
  if (archive === undefined) throw new Error("apt's configuration names no main archive of this system");
  if (suite === 'own') return [archive, ...sources.filter((source) => source !== archive && isOwn(source, codename))];
  if (id !== 'debian') throw new Error(`the system is "${id}", which has no suite sid`);
  return [{ ...archive, suites: ['sid'], components: ['main'] }];
};

const isOwn = (source: AptSource, codename: string): boolean =>
  codename !== '' && source.suites.some((suite) => suite.startsWith(codename));

const acquireSettings = async (): Promise<string> => {
  const dump = await runCommand('apt-config', ['dump']);
  return dump
    .split('\n')
    .filter((line) => line.startsWith('Acquire::') && !line.endsWith(' "";'))
    .join('\n');
};

const privateConfiguration = async (home: string): Promise<string> => {
  const folder = (path: string): string => join(home, path);
  return [
    await acquireSettings(),
    `Dir::State "${folder('state')}";`,
    `Dir::State::status "${folder('status')}";`,
    `Dir::Cache "${folder('cache')}";`,
    `Dir::Log "${folder('log')}";`,
    `Dir::Etc::sourcelist "${folder('private.sources')}";`,
    `Dir::Etc::sourceparts "/dev/null";`,
    `Dir::Etc::preferences "/dev/null";`,
    `Dir::Etc::preferencesparts "/dev/null";`,
    `Dir::Etc::main "/dev/null";`,
    `Dir::Etc::parts "/dev/null";`,
    'Acquire::Languages "none";',
    'Acquire::Retries "3";',
    // apt drops to a user of its own for downloads, who may not enter a folder made with mkdtemp.
    'APT::Sandbox::User "root";',
    '',
  ].join('\n');
};

export const openDebian = async (suite: Suite): Promise<DebianPackages> => {
  for (const tool of ['apt-get', 'apt-config', 'dpkg']) {
    if ((await onPath(tool)) === undefined) throw new Error(`${tool} is not on PATH`);
  }
  const sources = await sourcesFor(suite);
  const home = await mkdtemp(join(tmpdir(), 'kefu-apt-'));
  const close = (): Promise<void> => rm(home, { recursive: true, force: true });
  try {
    for (const folder of ['state/lists/partial', 'cache/archives/partial', 'log', 'debs']) {
      await mkdir(join(home, folder), { recursive: true });
    }
    await writeFile(join(home, 'status'), '');
    await writeFile(join(home, 'private.sources'), sources.map(toStanza).join('\n'));
    await writeFile(join(home, 'apt.conf'), await privateConfiguration(home));
    // APT_CONFIG is read before the system's folders are looked for, so it can point those at nothing.
    const env = { ...process.env, APT_CONFIG: join(home, 'apt.conf'), LC_ALL: 'C' };
    await runCommand('apt-get', ['-q', 'update'], { env, timeoutMs: UPDATE_TIMEOUT_MS });

    const unpack = async (packages: readonly string[], folder: string): Promise<void> => {
      const debs = await mkdtemp(join(home, 'debs', 'd-'));
      await runCommand('apt-get', ['-q', 'download', ...packages], { cwd: debs, env, timeoutMs: UPDATE_TIMEOUT_MS });
      for (const deb of await readdir(debs)) await runCommand('dpkg', ['-x', join(debs, deb), folder]);
    };
    const dependencies = async (name: string): Promise<readonly string[]> => {
      const text = await runCommand('apt-cache', ['depends', '--no-recommends', '--no-suggests', name], { env });
      return [...text.matchAll(/Depends: ([a-z0-9.+-]+)/g)].map((match) => match[1] ?? '');
    };
    return { unpack, dependencies, close };
  } catch (error) {
    await close();
    throw error;
  }
};
