import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Entry } from '../../../events/knowledge.ts';
import type {
  EditAppended,
  EditBatches,
  KnowledgeEdit,
  KnowledgeLog,
  StoredEdit,
} from '../../../events/knowledge-log.ts';
import { THRESHOLDS } from './coefficients.ts';
import { EntryIndex } from './entry-index.ts';
import { KnowledgeKeeper } from './knowledge-keeper.ts';

const by = { role: 'admin', id: 'alice' } as const;
const entry = (id: string, answer = 'yes'): Entry => ({ id, lang: 'en', question: `is it ${id}`, answer });

/** A log in memory that can be told to fail, and to be written by somebody else at the wrong moment. */
class SteeredLog implements KnowledgeLog {
  readonly stored: StoredEdit[] = [];
  /** Taken before the next append is looked at. */
  intruder: (() => void) | undefined;
  /** Given instead of the next append's outcome, which comes true all the same where `isStored` says so. */
  doubt: { readonly isStored: boolean } | undefined;
  failing = false;
  #wake: () => void = () => undefined;

  async append(tenant: string, edit: KnowledgeEdit, expected: number): Promise<EditAppended> {
    this.intruder?.();
    this.intruder = undefined;
    const { doubt } = this;
    this.doubt = undefined;
    if (doubt?.isStored === false) return { _tag: 'Undecided', why: 'told to' };
    if (expected !== (this.stored.findLast((each) => each.tenant === tenant)?.revision ?? 0))
      return { _tag: 'Conflict' };
    const revision = this.store(tenant, edit);
    return doubt === undefined ? { _tag: 'Stored', revision } : { _tag: 'Undecided', why: 'told to' };
  }

  store(tenant: string, edit: KnowledgeEdit): number {
    const revision = this.stored.length + 1;
    this.stored.push({ tenant, revision, edit });
    this.#wake();
    return revision;
  }

  async *read(after: number, tenant?: string): EditBatches {
    const batch = this.stored.filter(
      (each) => each.revision > after && (tenant === undefined || each.tenant === tenant),
    );
    if (batch.length > 0) yield batch;
  }

  async *follow(after: number, signal: AbortSignal): EditBatches {
    for (let reached = after; !signal.aborted; ) {
      if (this.failing) throw new Error('told to fail');
      const batch = this.stored.filter(({ revision }) => revision > reached);
      reached = batch.at(-1)?.revision ?? reached;
      if (batch.length > 0) yield batch;
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
    }
  }

  wake(): void {
    this.#wake();
  }
}

const putBy = (id: string, answer: string): KnowledgeEdit => ({
  v: 1,
  edit: `foreign-${id}-${answer}`,
  at: 1,
  change: { type: 'EntryPut', entry: entry(id, answer), by },
});

describe('the keeper of the knowledge', () => {
  const keepers: KnowledgeKeeper[] = [];
  const troubles: string[] = [];
  const started = async (log: KnowledgeLog): Promise<KnowledgeKeeper> => {
    const index = new EntryIndex();
    index.put(entry('base'));
    let names = 0;
    const keeper = new KnowledgeKeeper({
      log,
      base: { index, revision: '0123456789ab' },
      now: () => 1,
      freshName: () => `own-${++names}`,
      pause: () => new Promise((resolve) => setImmediate(resolve)),
      report: (trouble) => troubles.push(trouble),
    });
    keepers.push(keeper);
    await keeper.start();
    return keeper;
  };
  afterEach(async () => {
    for (const keeper of keepers.splice(0)) await keeper.stop();
  });

  test('begins with what the log has, and follows what comes', async () => {
    const log = new SteeredLog();
    log.store('t', putBy('old', 'yes'));
    const keeper = await started(log);
    expect(keeper.of('t').entry('old')).toMatchObject({ revision: '0123456789ab.1' });
    log.store('t', putBy('new', 'yes'));
    await vi.waitFor(() => expect(keeper.of('t').entry('new')).toMatchObject({ revision: '0123456789ab.2' }));
    expect(keeper.of('other').entry('new')).toBeUndefined();
    expect(keeper.of('other').entry('base')).toMatchObject({ revision: '0123456789ab' });
  });

  test('goes on behind the last edit when following fails', async () => {
    const log = new SteeredLog();
    const keeper = await started(log);
    log.failing = true;
    log.wake();
    await vi.waitFor(() => expect(troubles).toContain('the knowledge log could not be followed'));
    log.store('t', putBy('meanwhile', 'yes'));
    log.failing = false;
    await vi.waitFor(() => expect(keeper.of('t').entry('meanwhile')).toBeDefined());
  });

  test('what was written is in force when it is answered', async () => {
    const keeper = await started(new SteeredLog());
    expect(await keeper.put('t', entry('a'), by)).toEqual({ _tag: 'Done', revision: '0123456789ab.1', isNew: true });
    expect(keeper.of('t').find('is it a', THRESHOLDS)).toMatchObject({ _tag: 'Sure' });
    expect(await keeper.put('t', entry('a', 'no'), by)).toMatchObject({ isNew: false });
    expect(await keeper.remove('t', 'a', by)).toMatchObject({ _tag: 'Done' });
    expect(await keeper.remove('t', 'a', by)).toEqual({ _tag: 'Unknown' });
    expect(await keeper.replaceSynonyms('t', [['x', 'y']], by)).toMatchObject({ revision: '0123456789ab.4' });
    expect(await keeper.replaceSynonyms('t', [['x', 'y']], by)).toMatchObject({ revision: '0123456789ab.4' });
  });

  test('decides again on what somebody else has written in between', async () => {
    const log = new SteeredLog();
    const keeper = await started(log);
    log.intruder = () => void log.store('t', putBy('a', 'theirs'));
    expect(await keeper.put('t', entry('a', 'mine'), by)).toMatchObject({ _tag: 'Done', isNew: false });
    expect(log.stored.map(({ edit }) => edit.change)).toMatchObject([
      { entry: { answer: 'theirs' } },
      { entry: { answer: 'mine' } },
    ]);
    log.intruder = () => void log.store('t', putBy('b', 'same'));
    expect(await keeper.put('t', entry('b', 'same'), by)).toMatchObject({ _tag: 'Done' });
    expect(log.stored).toHaveLength(3);
  });

  test('says that it does not know, and the same wish again finds out', async () => {
    const log = new SteeredLog();
    const keeper = await started(log);
    for (const isStored of [true, false]) {
      const id = `stored-${isStored}`;
      log.doubt = { isStored };
      expect(await keeper.put('t', entry(id), by)).toEqual({ _tag: 'Unavailable' });
      expect(await keeper.put('t', entry(id), by)).toMatchObject({ _tag: 'Done' });
      expect(
        log.stored.filter(({ edit }) => edit.change.type === 'EntryPut' && edit.change.entry.id === id),
      ).toHaveLength(1);
    }
  });

  test('an entry as it stood is found by the revision that an answer named', async () => {
    const keeper = await started(new SteeredLog());
    await keeper.put('t', entry('base', 'changed'), by);
    await keeper.put('other', entry('base', 'theirs'), by);
    await keeper.remove('t', 'base', by);
    const at = async (revision: string) => (await keeper.entryAt('t', 'base', revision))?.answer;
    expect(await at('0123456789ab')).toBe('yes');
    expect(await at('0123456789ab.1')).toBe('changed');
    expect(await at('0123456789ab.2')).toBe('changed');
    expect(await at('0123456789ab.3')).toBeUndefined();
    expect(await at('ffffffffffff.1')).toBeUndefined();
  });

  test('of many edits of one entry in a batch the last stands', async () => {
    const log = new SteeredLog();
    for (let count = 0; count < 200; count++) log.store('t', putBy(`e${count % 3}`, `answer ${count}`));
    log.store('t', { v: 1, edit: 'last', at: 1, change: { type: 'EntryRemoved', entry: 'e0', by } });
    const keeper = await started(log);
    expect(keeper.of('t').entry('e0')).toBeUndefined();
    expect(keeper.of('t').entry('e1')?.entry.answer).toBe('answer 199');
    expect(keeper.of('t').entry('e2')).toMatchObject({ entry: { answer: 'answer 197' }, revision: '0123456789ab.201' });
  });
});
