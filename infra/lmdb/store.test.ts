import { spawn } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Stored } from '../../events/commit.ts';
import { encodeCommit } from '../../events/encoding/commit.ts';
import { commitOf, freshRef } from '../../properties/arbitraries/commits.ts';
import { appendMany, everything, follow, seenAtLeast } from '../../properties/conformance/event-log.ts';
import { DependencyFailure } from '../dependency-failure.ts';
import { LmdbEventLog } from './event-log.ts';
import { FolderInUse } from './folder-lock.ts';
import { LmdbStore } from './store.ts';

let folder: string;
const opened: LmdbStore[] = [];
const open = async (options: { readonly shards?: number; readonly readOnly?: boolean } = {}): Promise<LmdbStore> => {
  const store = await LmdbStore.open({ folder, ...options });
  opened.push(store);
  return store;
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kefu-store-'));
});
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
  await rm(folder, { recursive: true });
});

const runElsewhere = (): { lines: AsyncIterable<string>; kill: () => Promise<void> } => {
  const run = fileURLToPath(new URL('../../properties/run.mjs', import.meta.url));
  const file = fileURLToPath(new URL('../../properties/faults/append-forever.ts', import.meta.url));
  const child = spawn(process.execPath, [run, file, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  return {
    lines: createInterface(child.stdout),
    kill: async () => {
      child.kill('SIGKILL');
      await gone;
    },
  };
};

describe('one process to a folder', () => {
  test('a second one is refused with a message that names the folder, also by another path to it', async () => {
    await open();
    await expect(LmdbStore.open({ folder })).rejects.toBeInstanceOf(FolderInUse);
    const link = `${folder}-link`;
    await symlink(folder, link);
    await expect(LmdbStore.open({ folder: link })).rejects.toThrow(`the data folder ${link} is in use by another Kefu`);
    await rm(link);
  });

  test('a closed folder can be opened again at once', async () => {
    for (let round = 0; round < 3; round++) {
      const store = await LmdbStore.open({ folder });
      expect(store.shards).toBe(64);
      await store.close();
    }
  });

  test('killed, a process leaves no lock, and everything that it acknowledged', async () => {
    const elsewhere = runElsewhere();
    const acknowledged: Stored[] = [];
    let refusal: unknown;
    for await (const line of elsewhere.lines) {
      refusal ??= await LmdbStore.open({ folder }).catch((error: unknown) => error);
      acknowledged.push(JSON.parse(line) as Stored);
      if (acknowledged.length === 300) break;
    }
    await elsewhere.kill();
    expect(refusal).toBeInstanceOf(FolderInUse);
    const stored = await everything(new LmdbEventLog(await open()).scan({ after: 0 }));
    expect(stored).toEqual(expect.arrayContaining(acknowledged));
    // Five conversations: of each at most one commit was stored and not yet acknowledged, or its line was not yet read.
    for (const session of ['a', 'b', 'c', 'd', 'e']) {
      const seqs = stored.filter(({ commit }) => commit.session === session).map(({ commit }) => commit.seq);
      expect(seqs).toEqual(seqs.map((_, index) => index + 1));
    }
  });

  test('when another process has got past the lock, the first one writes no second history', async () => {
    const store = await open();
    const log = new LmdbEventLog(store);
    const ref = freshRef();
    const stored = await appendMany(log, ref, 2);
    const meta = store.root.openDB({ name: 'meta', encoding: 'json', useVersions: true });
    await meta.put('owner', {}, 99);
    const commit = commitOf(ref, ['too late'], stored.at(-1)?.commit);
    const append = { ...ref, commit, expected: stored.at(-1)?.position ?? 0 };
    await expect(log.append(append)).rejects.toBeInstanceOf(FolderInUse);
    expect(await everything(log.read(ref))).toEqual(stored);
  });
});

describe('reading beside the process that serves', () => {
  test('sees everything that is there, follows what comes, and changes nothing', async () => {
    const elsewhere = runElsewhere();
    const lines = elsewhere.lines[Symbol.asyncIterator]();
    for (let line = 0; line < 50; line++) await lines.next();
    // It would stop if nobody read what it prints.
    void (async () => {
      for (;;) if ((await lines.next()).done === true) return;
    })();
    const log = new LmdbEventLog(await open({ readOnly: true }));
    const stop = new AbortController();
    const seen: Stored[] = [];
    const following = follow(log, { after: 0, follow: true, signal: stop.signal }, seen);
    await seenAtLeast(seen, 50);
    const before = seen.length;
    await seenAtLeast(seen, before + 200);
    stop.abort();
    await following;
    const positions = seen.map(({ position }) => position);
    expect(positions).toEqual(positions.map((_, index) => index + 1));
    await expect(log.append({ ...freshRef(), commit: commitOf(freshRef(), ['a']), expected: 0 })).rejects.toThrow(
      /takes no appends/,
    );
    await elsewhere.kill();
  });

  test('needs a store that is there', async () => {
    await expect(LmdbStore.open({ folder, readOnly: true })).rejects.toThrow(
      `there is no Kefu store in the folder ${folder}`,
    );
  });
});

describe('the layout is fixed', () => {
  test('the stored shard count is taken over, and another one is refused', async () => {
    await (await LmdbStore.open({ folder, shards: 8 })).close();
    const again = await LmdbStore.open({ folder });
    expect(again.shards).toBe(8);
    await again.close();
    await expect(LmdbStore.open({ folder, shards: 16 })).rejects.toThrow(/has 8 shards .* set KEFU_SHARDS to 8/);
    await expect(LmdbStore.open({ folder, shards: 16 })).rejects.toBeInstanceOf(DependencyFailure);
    await (await LmdbStore.open({ folder })).close();
  });

  test('a folder that cannot be made is named', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    await expect(LmdbStore.open({ folder: join(file, 'x') })).rejects.toThrow(
      /the data folder .*file\/x cannot be made/,
    );
  });

  test('what is no commit is named by position and rule, and not by what it says', async () => {
    const store = await open();
    const log = new LmdbEventLog(store);
    const ref = freshRef();
    await appendMany(log, ref, 1);
    const body = encodeCommit({ ...commitOf(ref, ['private words']), at: -1 });
    const commits = store.root.openDB<string, number>({ name: 'commits', encoding: 'string' });
    await commits.put(2, `t\n${body.toString()}`);
    const reading = everything(log.scan({ after: 0 }));
    await expect(reading).rejects.toThrow(/holds something else than a commit at position 2: at: expected an integer/);
    await expect(reading).rejects.not.toThrow(/private/);
  });
});
