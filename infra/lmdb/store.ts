/** The embedded store: one LMDB environment in the data folder, which belongs to one process. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, open, type RootDatabase } from 'lmdb';
import { SHARD_HASH, SHARDS_DEFAULT } from '../../events/shard.ts';
import { DependencyFailure } from '../dependency-failure.ts';
import { randomToken } from '../random.ts';
import { FolderInUse, lockFolder } from './folder-lock.ts';

export interface StoreOptions {
  readonly folder: string;
  /** Into how many slices the sessions fall. Left out: what the store has, or the default for a new one. */
  readonly shards?: number | undefined;
  /** Reads beside a process that writes: takes no lock and changes nothing. */
  readonly readOnly?: boolean;
}

interface Layout {
  readonly shards: number;
  readonly hash: string;
}

const DATABASES_MAX = 32;

/**
 * What the store's parts share. A write is durable when its promise resolves: overlapping synchronisation is off, so a
 * transaction is committed only when it is on disk, and what can be read is what would survive.
 */
export class LmdbStore {
  readonly root: RootDatabase;
  readonly folder: string;
  /** For messages. */
  readonly name: string;
  readonly readOnly: boolean;
  readonly #meta: Database;
  readonly #unlock: () => Promise<void>;
  #shards = 0;
  #ownerVersion = 0;

  /**
   * Opens the store in a folder, which is made where it is missing. Throws {@link FolderInUse}, and `DependencyFailure` when
   * the store's shards are others than asked for, or when there is nothing to read.
   */
  static async open(options: StoreOptions): Promise<LmdbStore> {
    const path = join(options.folder, 'store');
    if (options.readOnly !== true) makeFolder(path, options.folder);
    else if (!existsSync(join(path, 'data.mdb')))
      throw new DependencyFailure(`there is no Kefu store in the folder ${options.folder}; correct KEFU_DATA_DIR`);
    const unlock = options.readOnly === true ? async () => undefined : await lockFolder(options.folder);
    let store: LmdbStore | undefined;
    try {
      store = new LmdbStore(path, options, unlock);
      store.#checkLayout(options.shards);
      if (!store.readOnly) await store.#takeOver();
      return store;
    } catch (error) {
      await (store === undefined ? unlock() : store.close());
      throw error;
    }
  }

  private constructor(path: string, options: StoreOptions, unlock: () => Promise<void>) {
    this.folder = options.folder;
    this.name = `the store in ${options.folder}`;
    this.readOnly = options.readOnly === true;
    this.root = open({
      path,
      noSubdir: false,
      maxDbs: DATABASES_MAX,
      overlappingSync: false,
      readOnly: this.readOnly,
    });
    this.#meta = this.root.openDB({ name: 'meta', encoding: 'json', useVersions: true });
    this.#unlock = unlock;
  }

  get shards(): number {
    return this.#shards;
  }

  /**
   * Puts everything that `action` puts, into any of the store's databases, in one transaction. Resolves when it is on disk.
   * Rejects when nothing of it is stored, with {@link FolderInUse} when another process has taken the store over.
   */
  async write(action: () => void): Promise<void> {
    let siblings: Promise<unknown> | undefined;
    const written = this.#meta.ifVersion('owner', this.#ownerVersion, () => {
      action();
      // All puts of a batch share one promise; unless somebody holds it, a failure would end the process.
      siblings = this.#meta.put('written', true);
    });
    siblings?.catch(() => undefined);
    if (!(await written)) throw new FolderInUse(this.folder);
  }

  /** Writes under way are finished first. */
  async close(): Promise<void> {
    await this.root.close();
    await this.#unlock();
  }

  #checkLayout(asked: number | undefined): void {
    const stored = this.#meta.get('layout') as Layout | undefined;
    if (stored === undefined) {
      this.#shards = asked ?? SHARDS_DEFAULT;
      const layout: Layout = { shards: this.#shards, hash: SHARD_HASH };
      if (!this.readOnly) this.root.transactionSync(() => this.#meta.putSync('layout', layout, 1));
      return;
    }
    if (stored.hash !== SHARD_HASH)
      throw new DependencyFailure(
        `${this.name} tells its shards apart by ${stored.hash}, and this version does so by ${SHARD_HASH}; ` +
          'run the version that made it',
      );
    if (asked !== undefined && asked !== stored.shards)
      throw new DependencyFailure(
        `${this.name} has ${stored.shards} shards and the setting asks for ${asked}; ` +
          `the count is fixed for good, so set KEFU_SHARDS to ${stored.shards} or leave it out`,
      );
    this.#shards = stored.shards;
  }

  /**
   * Marks the store as this process's. The lock is a matter of one machine and network namespace; should a second process
   * get past it, as from another container on the same volume, the first one's next write fails instead of making a second
   * history.
   */
  async #takeOver(): Promise<void> {
    const version = this.#meta.getEntry('owner')?.version;
    this.#ownerVersion = (version ?? 0) + 1;
    const owner = { process: process.pid, token: randomToken(9) };
    const put = (): void => void this.#meta.put('owner', owner, this.#ownerVersion);
    // Whoever else takes it over at this moment has been first, and what was read may be old already.
    const isTaken =
      version === undefined ? this.#meta.ifNoExists('owner', put) : this.#meta.ifVersion('owner', version, put);
    if (!(await isTaken)) throw new FolderInUse(this.folder);
  }
}

const makeFolder = (path: string, folder: string): void => {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new DependencyFailure(`the data folder ${folder} cannot be made (${why}); give another one in KEFU_DATA_DIR`);
  }
};
