/** Where unpacked servers live, and how a folder gets there whole. */
import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CACHE = fileURLToPath(new URL('../../.cache/servers/', import.meta.url));

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/**
 * The folder of this name, filled by `fill` the first time.
 *
 * Two processes may fill at once: each works in a folder of its own, and the first rename wins. A folder under its final
 * name is therefore always complete.
 */
export const cachedFolder = async (name: string, fill: (folder: string) => Promise<void>): Promise<string> => {
  const final = join(CACHE, `${name}-${process.platform}-${process.arch}`);
  if (await exists(final)) return final;
  await mkdir(CACHE, { recursive: true });
  const draft = await mkdtemp(join(CACHE, 'draft-'));
  try {
    await fill(draft);
    await rename(draft, final);
  } catch (error) {
    if (!(await exists(final))) throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return final;
};
