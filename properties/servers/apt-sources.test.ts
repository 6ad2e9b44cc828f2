import { expect, test } from 'vitest';
import { mainArchive, parseDeb822, parseOneLine, toStanza } from './apt-sources.ts';

const DEB822 = `# a comment
Types: deb deb-src
URIs: http://mirror.example/debian http://second.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 abc

Enabled: no
Types: deb
URIs: http://off.example/
Suites: x
Components: main

Types: deb-src
URIs: http://sources.example/
Suites: bookworm
Components: main
`;

test('a deb822 stanza gives one source per address, with its embedded key kept as written', () => {
  const sources = parseDeb822(DEB822);
  expect(sources.map((source) => source.uri)).toEqual(['http://mirror.example/debian', 'http://second.example/debian']);
  expect(sources[0]?.suites).toEqual(['bookworm', 'bookworm-updates']);
  expect(sources[0]?.signedBy).toContain('BEGIN PGP');
  expect(parseDeb822(sources.map(toStanza).join('\n'))).toEqual(sources);
});

test('one-line entries are read with and without options', () => {
  const text = [
    '# deb http://off.example/ bookworm main',
    'deb http://plain.example/debian bookworm main contrib # why',
    'deb [arch=amd64 signed-by=/usr/share/keyrings/a.gpg] http://opted.example/debian bookworm-security main',
    'deb-src http://sources.example/debian bookworm main',
  ].join('\n');
  expect(parseOneLine(text)).toEqual([
    { uri: 'http://plain.example/debian', suites: ['bookworm'], components: ['main', 'contrib'], signedBy: undefined },
    {
      uri: 'http://opted.example/debian',
      suites: ['bookworm-security'],
      components: ['main'],
      signedBy: '/usr/share/keyrings/a.gpg',
    },
  ]);
});

test('the main archive is the one that carries the system itself', () => {
  const source = (uri: string, suite: string) => ({ uri, suites: [suite], components: ['main'], signedBy: undefined });
  const sources = [source('vendor', 'nodistro'), source('security', 'bookworm-security'), source('own', 'bookworm')];
  expect(mainArchive(sources, 'bookworm')?.uri).toBe('own');
  expect(mainArchive(sources.slice(0, 2), 'bookworm')).toBeUndefined();
});
