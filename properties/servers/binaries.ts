/**
 * Finds the programs of the servers that tests and the demo run against.
 *
 * In order: the environment variable, PATH (if new enough), the folder unpacked earlier, Debian packages, a Docker
 * image. When none works the error lists why each was passed over: a test without its server must never pass silently.
 */
import { join } from 'node:path';
import { cachedFolder } from './cache-folder.ts';
import { natsRecipe, type Recipe, redisRecipe } from './recipes.ts';
import { onPath } from './run-command.ts';
import { isAtLeast, type Version, versionOf } from './version.ts';

export interface Binary {
  readonly name: string;
  readonly path: string;
  readonly version: string;
  /** Where it was found, in words for a person. */
  readonly origin: string;
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);

const announce = (binary: Binary): Binary => {
  if (process.env['KEFU_SERVERS_SAID'] === undefined) say(`${binary.name}: ${binary.version} (${binary.origin})`);
  return binary;
};

const accept = async (recipe: Recipe, path: string, origin: string): Promise<Binary> => {
  const version: Version = await versionOf(path);
  if (!isAtLeast(version, recipe.versionMin)) {
    throw new Error(`${path} is ${version.join('.')}, and ${recipe.versionMin.join('.')} or newer is needed`);
  }
  return { name: recipe.name, path, version: version.join('.'), origin };
};

const fromPath = async (recipe: Recipe): Promise<Binary> => {
  const path = await onPath(recipe.name);
  if (path === undefined) throw new Error(`no ${recipe.name} on PATH`);
  return accept(recipe, path, 'PATH');
};

const fromFolder = async (recipe: Recipe, way: 'debian' | 'docker'): Promise<Binary> => {
  const folder = await cachedFolder(`${recipe.name}-${way}`, async (draft) => {
    say(`${recipe.name}: unpacking from ${way} into .cache/servers, once`);
    await recipe[way](draft);
    await accept(recipe, join(draft, 'bin', recipe.name), way);
  });
  return accept(recipe, join(folder, 'bin', recipe.name), `${way}, unpacked in .cache/servers`);
};

const find = async (recipe: Recipe): Promise<Binary> => {
  const named = process.env[recipe.variable];
  if (named !== undefined && named !== '') return announce(await accept(recipe, named, recipe.variable));

  const reasons: string[] = [];
  for (const way of [() => fromPath(recipe), () => fromFolder(recipe, 'debian'), () => fromFolder(recipe, 'docker')]) {
    try {
      return announce(await way());
    } catch (error) {
      reasons.push(`  - ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new Error(
    [
      `No usable ${recipe.name}. What was tried:`,
      ...reasons,
      `Install ${recipe.name} ${recipe.versionMin.join('.')} or newer, or name one in ${recipe.variable}.`,
    ].join('\n'),
  );
};

/** Searches once a process; a search that failed is made again. */
const once = (recipe: Recipe): (() => Promise<Binary>) => {
  let found: Promise<Binary> | undefined;
  return () => {
    found ??= find(recipe).catch((error: unknown) => {
      found = undefined;
      throw error;
    });
    return found;
  };
};

/** nats-server 2.12 or newer; `KEFU_NATS_SERVER` names one. */
export const natsServer: () => Promise<Binary> = once(natsRecipe);

/** redis-server 6.2 or newer; `KEFU_REDIS_SERVER` names one. */
export const redisServer: () => Promise<Binary> = once(redisRecipe);
