/** The rules of the house. Each takes files and says, file by file, what is wrong. */
import { importsOf, packageOf, reachable, resolveImport } from './imports.ts';
import { maskNonCode } from './mask.ts';
import { isBrowser, isTest, type Room, roomOf, type Source } from './source.ts';

const LINES_MAX = 400;

interface Visa {
  readonly rooms: readonly Room[];
  readonly packages: readonly string[] | 'any';
}

/** Who may import whom. Everyone may import their own room. */
const VISAS: Readonly<Record<Room, Visa>> = {
  events: { rooms: [], packages: ['fp-ts', 'io-ts'] },
  actors: { rooms: ['events'], packages: ['xstate', 'fp-ts'] },
  projections: { rooms: ['events'], packages: ['fp-ts'] },
  infra: { rooms: ['events', 'actors', 'projections'], packages: 'any' },
  properties: { rooms: ['events', 'actors', 'projections', 'infra'], packages: 'any' },
};

/** A test never ships: it may use what tests are made of, and the laws kept in properties/. */
const TEST_PACKAGES = ['vitest', 'fast-check', 'node:'];

const packagesOf = (path: string, room: Room): readonly string[] | 'any' => {
  const { packages } = VISAS[room];
  if (packages === 'any') return 'any';
  return [...packages, ...(isTest(path) ? TEST_PACKAGES : [])];
};

const mayEnter = (path: string, room: Room, target: Room): boolean =>
  target === room || VISAS[room].rooms.includes(target) || (isTest(path) && target === 'properties');

/** Imports point one way. */
export const importsAgainstTheRooms = (sources: readonly Source[]): readonly string[] =>
  sources.flatMap(({ path, text }) => {
    const room = roomOf(path);
    if (room === undefined) return [`${path}: lies in none of the five rooms`];
    const packages = packagesOf(path, room);
    return importsOf(text).flatMap((specifier) => {
      const target = resolveImport(path, specifier);
      if (target === undefined) {
        const isAllowed = packages === 'any' || packages.includes(packageOf(specifier));
        return isAllowed ? [] : [`${path}: ${room}/ may not import the package ${specifier}`];
      }
      const targetRoom = roomOf(target);
      // The lists of the package itself (package.json and the like) lie above the rooms.
      if (targetRoom === undefined) return [];
      return mayEnter(path, room, targetRoom) ? [] : [`${path}: ${room}/ may not import ${targetRoom}/ (${specifier})`];
    });
  });

/** What of the vocabulary only servers use. */
const ENCODING = 'events/encoding/';

/** A browser has no Node and must not be sent the server. */
export const serverCodeInBrowsers = (sources: readonly Source[]): readonly string[] =>
  sources
    .filter(({ path }) => isBrowser(path) && !isTest(path))
    .flatMap(({ path, text }) =>
      importsOf(text)
        .filter((specifier) => {
          const target = resolveImport(path, specifier);
          if (target === undefined) return packageOf(specifier) === 'node:';
          return (!target.startsWith('events/') || target.startsWith(ENCODING)) && !isBrowser(target);
        })
        .map((specifier) => `${path}: code for browsers may not import ${specifier}`),
    );

/** The other spellings pass the type check and then fail to load. */
export const importsThatDoNotLoad = (sources: readonly Source[]): readonly string[] =>
  sources.flatMap(({ path, text }) =>
    importsOf(text)
      .filter((specifier) => {
        const name = packageOf(specifier);
        if (name === 'fp-ts') return !/^fp-ts\/lib\/[A-Za-z]+\.js$/.test(specifier);
        return name === 'io-ts' && specifier !== 'io-ts';
      })
      .map((specifier) => `${path}: import '${specifier}' as fp-ts/lib/<Module>.js or io-ts`),
  );

export const filesTooLong = (sources: readonly Source[]): readonly string[] =>
  sources
    .map(({ path, text }) => ({ path, lines: text.replace(/\n$/, '').split('\n').length }))
    .filter(({ lines }) => lines > LINES_MAX)
    .map(({ path, lines }) => `${path}: ${lines} lines, and ${LINES_MAX} is the most a file may have`);

/** A file nothing leads to is dead. */
export const deadFiles = (sources: readonly Source[], entries: readonly string[]): readonly string[] => {
  const alive = reachable(sources, [...entries, ...sources.map(({ path }) => path).filter(isTest)]);
  return sources.filter(({ path }) => !alive.has(path)).map(({ path }) => `${path}: no entry point leads here`);
};

const NAME = /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|bench|d))?\.(ts|tsx|mjs)$/;
const NAMES_SAYING_NOTHING = new Set(['util', 'utils', 'helper', 'helpers', 'common', 'manager', 'misc']);

export const badNames = (sources: readonly Source[]): readonly string[] =>
  sources.flatMap(({ path }) => {
    const name = path.split('/').at(-1) ?? '';
    const parts = path.split(/[/.-]/);
    if (!NAME.test(name)) return [`${path}: file names are kebab-case`];
    const empty = parts.find((part) => NAMES_SAYING_NOTHING.has(part));
    return empty === undefined ? [] : [`${path}: "${empty}" says nothing about what is inside`];
  });

interface Ambient {
  readonly what: string;
  readonly home: string;
  readonly pattern: RegExp;
  /** Whether browser code may use it in its own place. */
  readonly inBrowsers: boolean;
}

const AMBIENT: readonly Ambient[] = [
  {
    what: 'the clock',
    home: 'infra/clock.ts',
    pattern:
      /\b(Date\s*\.\s*now\b|new\s+Date\s*(\(\s*\)|(?=[;,)\]]))|performance\s*\.\s*now\b|process\s*\.\s*hrtime\b)/,
    inBrowsers: true,
  },
  {
    what: 'randomness',
    home: 'infra/random.ts',
    pattern: /\b(Math\s*\.\s*random\b|randomBytes\b|randomUUID\b|randomInt\b|getRandomValues\b)/,
    inBrowsers: true,
  },
  {
    what: 'the environment',
    home: 'infra/config.ts',
    pattern: /\bprocess\s*\.\s*env\b|\benv\b[^{}]*\}\s*(=\s*process\b|from\s*['"])/,
    inBrowsers: false,
  },
];

const BROWSER_HOME = 'infra/client/ambient.ts';

/** Time, chance and environment come in through one place each, so that everything else can be replayed. */
export const ambientOutsideItsPlace = (sources: readonly Source[]): readonly string[] =>
  sources
    .filter(({ path }) => roomOf(path) !== 'properties' && !isTest(path))
    .flatMap(({ path, text }) => {
      const masked = maskNonCode(text);
      return AMBIENT.flatMap(({ what, home, pattern, inBrowsers }) => {
        const place = inBrowsers && isBrowser(path) ? BROWSER_HOME : home;
        const found = pattern.exec(masked);
        if (found === null || path === place) return [];
        const line = masked.slice(0, found.index).split('\n').length;
        return [`${path}:${line}: ${found[0].trim()} — ${what} is read in ${place} only`];
      });
    });
