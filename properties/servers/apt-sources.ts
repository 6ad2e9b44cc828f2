/**
 * Reads where this machine's own apt configuration gets its packages from.
 *
 * Addresses and keyrings differ from machine to machine (mirrors, proxies, containers), so they are read and never
 * written down. Both of apt's formats are understood: deb822 stanzas (`*.sources`) and one-line entries (`*.list`).
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface AptSource {
  readonly uri: string;
  readonly suites: readonly string[];
  readonly components: readonly string[];
  /** As written: a path, fingerprints, or an embedded key whose lines begin with a space. */
  readonly signedBy: string | undefined;
}

const words = (text: string | undefined): readonly string[] => (text ?? '').split(/\s+/).filter((word) => word !== '');

const parseStanza = (stanza: string): ReadonlyMap<string, string> => {
  const fields = new Map<string, string>();
  let name = '';
  for (const line of stanza.split('\n')) {
    if (line.startsWith('#')) continue;
    const field = /^([A-Za-z-]+):(.*)$/.exec(line);
    if (field !== null) {
      name = (field[1] ?? '').toLowerCase();
      fields.set(name, (field[2] ?? '').trim());
    } else if (/^[ \t]/.test(line) && name !== '') {
      fields.set(name, `${fields.get(name) ?? ''}\n${line}`);
    }
  }
  return fields;
};

/** `*.sources`: stanzas apart by empty lines. */
export const parseDeb822 = (text: string): readonly AptSource[] =>
  text.split(/\n[ \t]*\n/).flatMap((stanza) => {
    const fields = parseStanza(stanza);
    if (!words(fields.get('types')).includes('deb') || fields.get('enabled')?.toLowerCase() === 'no') return [];
    return words(fields.get('uris')).map((uri) => ({
      uri,
      suites: words(fields.get('suites')),
      components: words(fields.get('components')),
      signedBy: fields.get('signed-by'),
    }));
  });

/** `*.list`: `deb [signed-by=…] uri suite component…`, one a line. */
export const parseOneLine = (text: string): readonly AptSource[] =>
  text.split('\n').flatMap((line) => {
    const entry = /^\s*deb\s+(?:\[([^\]]*)\]\s*)?(\S+)\s+(\S+)\s*([^#]*)/.exec(line);
    if (entry === null) return [];
    const signedBy = words(entry[1]).find((option) => option.startsWith('signed-by='));
    return [
      {
        uri: entry[2] ?? '',
        suites: words(entry[3]),
        components: words(entry[4]),
        signedBy: signedBy?.slice('signed-by='.length).replaceAll(',', ' '),
      },
    ];
  });

const readOrNothing = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');

/** Every enabled binary source of the machine, in the order apt reads them. */
export const readAptSources = async (root = '/etc/apt'): Promise<readonly AptSource[]> => {
  const parts = (await readdir(join(root, 'sources.list.d')).catch((): string[] => [])).toSorted();
  const found = [parseOneLine(await readOrNothing(join(root, 'sources.list')))];
  for (const part of parts) {
    const text = await readOrNothing(join(root, 'sources.list.d', part));
    if (part.endsWith('.sources')) found.push(parseDeb822(text));
    if (part.endsWith('.list')) found.push(parseOneLine(text));
  }
  return found.flat();
};

const FLOATING_SUITES = new Set(['stable', 'oldstable', 'testing', 'unstable', 'sid']);

/** The archive the system itself was installed from, as against security updates and other vendors' sources. */
export const mainArchive = (sources: readonly AptSource[], codename: string): AptSource | undefined =>
  sources.find(
    (source) =>
      source.components.includes('main') &&
      source.suites.some((suite) => suite === codename || FLOATING_SUITES.has(suite)),
  );

/** The source as a stanza for a private `.sources` file. */
export const toStanza = (source: AptSource): string =>
  [
    'Types: deb',
    `URIs: ${source.uri}`,
    `Suites: ${source.suites.join(' ')}`,
    `Components: ${source.components.join(' ')}`,
    ...(source.signedBy === undefined ? [] : [`Signed-By: ${source.signedBy}`]),
    '',
  ].join('\n');
