/** What every adapter of the knowledge log keeps. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EditBatches, KnowledgeEdit, KnowledgeLog, StoredEdit } from '../../events/knowledge-log.ts';

export interface KnowledgeLogUnderTest {
  readonly log: KnowledgeLog;
  /** The same log as another process that starts now sees it; the first may be over. */
  another(): Promise<KnowledgeLog>;
  close(): Promise<void>;
}

let edits = 0;
const editOf = (id: string, answer = '是的'): KnowledgeEdit => {
  edits += 1;
  const entry = { id, lang: 'zh', question: `${id}吗?`, also: ['🙂'], answer };
  return { v: 1, edit: `edit-${edits}`, at: 1_764_000_000_000 + edits, change: { type: 'EntryPut', entry, by: admin } };
};
const admin = { role: 'admin', id: 'alice' } as const;

export const knowledgeLogLaws = (name: string, start: () => Promise<KnowledgeLogUnderTest>): void => {
  describe(`the knowledge log in ${name}`, () => {
    let under: KnowledgeLogUnderTest;
    let log: KnowledgeLog;
    let tenants = 0;
    beforeAll(async () => {
      under = await start();
      log = under.log;
    });
    afterAll(() => under.close());
    const newTenant = (): string => {
      tenants += 1;
      return `tenant-${tenants}`;
    };

    const stored = async (tenant: string, edit: KnowledgeEdit, expected: number): Promise<number> => {
      const appended = await log.append(tenant, edit, expected);
      if (appended._tag !== 'Stored') throw new Error(appended._tag);
      return appended.revision;
    };

    test('gives back what was appended, in order, with growing revisions', async () => {
      const tenant = newTenant();
      const given: StoredEdit[] = [];
      const changes: KnowledgeEdit[] = [
        editOf('a'),
        { ...editOf('b'), change: { type: 'EntryRemoved', entry: 'a', by: admin } },
        { ...editOf('c'), change: { type: 'SynonymsReplaced', groups: [['手机', 'phone']], by: admin } },
      ];
      for (const edit of changes)
        given.push({ tenant, revision: await stored(tenant, edit, given.at(-1)?.revision ?? 0), edit });
      expect(await all(log.read(0, tenant))).toEqual(given);
      expect(await all(log.read(given[0]?.revision ?? 0, tenant))).toEqual(given.slice(1));
      const revisions = given.map(({ revision }) => revision);
      expect(revisions).toEqual(revisions.toSorted((one, other) => one - other));
      expect(new Set([0, ...revisions]).size).toBe(4);
    });

    test('refuses an edit that expects another last revision, and stores nothing of it', async () => {
      const tenant = newTenant();
      const first = await stored(tenant, editOf('a'), 0);
      const second = await stored(tenant, editOf('b'), first);
      for (const wrong of [0, first, second + 1])
        expect(await log.append(tenant, editOf('c'), wrong)).toEqual({ _tag: 'Conflict' });
      expect((await all(log.read(0, tenant))).map(({ revision }) => revision)).toEqual([first, second]);
    });

    test('of edits that expect the same revision one is stored', async () => {
      const tenant = newTenant();
      const appended = await Promise.all(Array.from({ length: 10 }, () => log.append(tenant, editOf('a'), 0)));
      expect(appended.map(({ _tag }) => _tag).toSorted()).toEqual([
        ...Array.from({ length: 9 }, () => 'Conflict'),
        'Stored',
      ]);
      expect(await all(log.read(0, tenant))).toHaveLength(1);
    });

    test('the same edit again is stored once, with the same revision, also behind a later one', async () => {
      const tenant = newTenant();
      const edit = editOf('a');
      const revision = await stored(tenant, edit, 0);
      expect(await stored(tenant, edit, 0)).toBe(revision);
      await stored(tenant, editOf('b'), revision);
      expect(await stored(tenant, edit, 0)).toBe(revision);
      expect(await all(log.read(0, tenant))).toHaveLength(2);
    });

    test('keeps tenants apart, and reads all of them in one order', async () => {
      const [one, other] = [newTenant(), newTenant()];
      const first = await stored(one, editOf('a'), 0);
      const second = await stored(other, editOf('a'), 0);
      const third = await stored(one, editOf('b'), first);
      const mine = (each: StoredEdit): boolean => each.tenant === one || each.tenant === other;
      expect((await all(log.read(0))).filter(mine).map(({ tenant, revision }) => [tenant, revision])).toEqual([
        [one, first],
        [other, second],
        [one, third],
      ]);
      expect(await all(log.read(0, other))).toHaveLength(1);
      expect(await all(log.read(0, newTenant()))).toEqual([]);
    });

    test('a follower is given everything behind a revision, and then what comes, until it is told to stop', async () => {
      const tenant = newTenant();
      const first = await stored(tenant, editOf('a'), 0);
      const second = await stored(tenant, editOf('b'), first);
      const stop = new AbortController();
      const seen: number[] = [];
      let next = second;
      for await (const batch of log.follow(first, stop.signal)) {
        seen.push(...batch.map(({ revision }) => revision));
        if (seen.length >= 6) stop.abort();
        else next = await stored(tenant, editOf(`c${seen.length}`), next);
      }
      expect(seen).toHaveLength(6);
      expect(seen).toEqual((await all(log.read(first, tenant))).map(({ revision }) => revision));
    });

    test('more than one batch comes whole', async () => {
      const tenant = newTenant();
      let last = 0;
      for (let count = 0; count < 1_100; count++) last = await stored(tenant, editOf(`e${count}`), last);
      const read = await all(log.read(0, tenant));
      expect(read.map(({ edit }) => edit.change.type === 'EntryPut' && edit.change.entry.id)).toEqual(
        Array.from({ length: 1_100 }, (_, count) => `e${count}`),
      );
    });

    test('a process that starts anew has it all, and goes on behind it', async () => {
      const tenant = newTenant();
      const first = await stored(tenant, editOf('a', 'x'.repeat(8_000)), 0);
      const before = await all(log.read(0));
      log = await under.another();
      expect(await all(log.read(0))).toEqual(before);
      expect(await stored(tenant, editOf('b'), first)).toBeGreaterThan(first);
    });
  });
};

const all = async (batches: EditBatches): Promise<readonly StoredEdit[]> => {
  const edits: StoredEdit[] = [];
  for await (const batch of batches) {
    expect(batch.length).toBeGreaterThan(0);
    edits.push(...batch);
  }
  return edits;
};
