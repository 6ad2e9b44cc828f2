/** `kefu export` and `kefu whatif`, as programs, on both backends. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { configure } from '../../infra/backbone.ts';
import { openBackends } from '../../infra/backends.ts';
import { sideNow } from '../../infra/cli/whatif/policy-file.ts';
import { makeLogger } from '../../infra/logging.ts';
import { saying } from '../model-server/behaviours.ts';
import { ModelServer } from '../model-server/model-server.ts';
import { ownDialogues } from '../past/dialogues.ts';
import { writePast } from '../past/write-past.ts';
import { AT } from '../story.ts';
import { endRuns, kefu } from './command-line.ts';
import { embedded, type Ground, natsAndRedis } from './grounds.ts';
import { HttpClient } from './http-client.ts';
import { connect } from './socket-client.ts';

const DAY_MS = 86_400_000;

/** Of whoever wrote a message. */
const roleOf = (event: object): unknown => 'author' in event && (event.author as { readonly role: string }).role;

describe.each([embedded, natsAndRedis])('on $name', ({ lay }) => {
  let folder: string;
  let ground: Ground;
  let head: number;
  let sessions: readonly string[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kefu-hindsight-'));
    ground = await lay();
    const config = configure(ground.config);
    const backends = await openBackends(config, makeLogger('silent'));
    const side = await sideNow(config);
    const past = { dialogues: ownDialogues, side, startAt: AT, spreadMs: DAY_MS, seed: 2 };
    sessions = await writePast(backends.log, past);
    await writePast(backends.log, {
      ...past,
      dialogues: ownDialogues.slice(0, 2),
      tenant: 'acme',
      startAt: AT + DAY_MS,
    });
    head = await backends.log.head();
    await backends.close();
  });
  afterAll(async () => {
    endRuns();
    await ground.remove();
    await rm(folder, { recursive: true });
  });

  const run = async (args: readonly string[], environment: Readonly<Record<string, string>> = {}) => {
    const each = kefu(args, { ...ground.environment, ...environment });
    const code = await each.exited;
    return { code, stdout: each.stdout(), stderr: each.stderr() };
  };
  const policy = async (name: string, value: unknown): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, typeof value === 'string' ? value : JSON.stringify(value));
    return path;
  };
  const exported = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await run(['export', '--as', 'finetune', ...args]);
    const lines = stdout === '' ? [] : stdout.trimEnd().split('\n');
    const dialogues = lines.map(
      (line) => (JSON.parse(line) as { messages: { role: string; content: string }[] }).messages,
    );
    return { code, dialogues, stderr };
  };

  test('export gives every closed conversation of the tenant that was rated well enough, and counts the others', async () => {
    const { code, dialogues, stderr } = await exported('--rated-from', '1', '--tenant', 'default');
    expect(code).toBe(0);
    const counts = /^export: (\d+) dialogues; left out: (\d+) not rated, (1) no answer\n$/.exec(stderr);
    expect(counts?.[1]).toBe(String(dialogues.length));
    expect((counts ?? []).slice(1).reduce((sum, count) => sum + Number(count ?? 0), 0)).toBe(ownDialogues.length);
    for (const [system, first, ...rest] of dialogues) {
      expect(system?.role).toBe('system');
      expect(first?.role).toBe('user');
      expect(rest.at(-1)?.role).toBe('assistant');
    }
    const stricter = await exported('--rated-from', '5', '--tenant', 'default');
    expect(stricter.dialogues.length).toBeLessThan(dialogues.length);
    expect(stricter.stderr).toMatch(/ rated lower/);
  });

  test('export masks what people are known by and sensitive words, unless it is told to keep the former', async () => {
    const text = async (...args: readonly string[]): Promise<string> =>
      JSON.stringify((await exported('--rated-from', '1', ...args)).dialogues);
    const masked = await text();
    const kept = await text('--keep-personal');
    // The seed decides which conversations are rated; of those with personal data at least one is.
    expect(/13812345678|48213|lamps@example\.com/.test(kept)).toBe(true);
    expect(masked).not.toMatch(/13812345678|48213|lamps@example\.com/);
    expect(masked).toMatch(/\[(?:phone|order|email)\]/);
    const filtered = await run(['export', '--as', 'finetune', '--rated-from', '1'], {
      KEFU_SENSITIVE_WORDS: await policy('all.txt', '的\n是\nthe\n'),
    });
    expect(filtered.stdout).toContain('*');
  });

  test('export keeps to its bounds', async () => {
    expect((await exported('--rated-from', '1', '--limit', '1')).dialogues).toHaveLength(1);
    const late = await exported('--since', String(AT + 30 * DAY_MS));
    expect(late).toMatchObject({
      code: 0,
      dialogues: [],
      stderr: 'export: 0 dialogues; left out: 12 not in this time\n',
    });
    expect((await exported('--rated-from', '1', '--tokens-max', '1')).stderr).toMatch(/0 dialogues; .* too long/);
    const told = await exported('--rated-from', '1', '--system', 'You sell lamps.');
    expect(told.dialogues[0]?.[0]).toEqual({ role: 'system', content: 'You sell lamps.' });
  });

  test('whatif prints what would have changed, and writes it down for machines', async () => {
    await policy(
      'faq.ndjson',
      `${JSON.stringify({ id: 'parking', lang: 'en', question: 'Is there a place to park near the shop?', answer: 'Behind the shop.' })}\n`,
    );
    const file = await policy('parking.json', { knowledge: 'faq.ndjson', default: { onUnknown: 'ask-back' } });
    const json = join(folder, 'found.json');
    const { code, stdout, stderr } = await run(['whatif', '--policy', file, '--tenant', 'default', '--json', json]);
    expect(stderr).toMatch(/^whatif: \d+ questions in 10 sessions\n$/);
    expect(code).toBe(0);
    expect(stdout).toContain(`What if ${file} had been in force: `);
    expect(stdout).toMatch(/ {2}knowledge +1 entries instead of \d+: 1 new, \d+ gone\n/);
    expect(stdout).toMatch(/ {2}default\.onUnknown +"ask-back" instead of "handoff"\n/);
    expect(stdout).toMatch(/ 2 +handed to people → answered from knowledge +█/);
    expect(stdout).toContain('→ parking (1.00) “Behind the shop.”');
    const found = JSON.parse(await readFile(json, 'utf8')) as {
      questions: { count: number; before: Record<string, number>; after: Record<string, number> };
      sessions: { count: number };
      changes: { session: string; to: string; after: { entry?: string } }[];
    };
    expect(found.sessions.count).toBe(10);
    const answered = found.changes.filter(({ to }) => to === 'answered from knowledge');
    expect(new Set(answered.map(({ session }) => session))).toEqual(new Set([sessions[2], sessions[3]]));
    expect(answered.map(({ after }) => after.entry)).toEqual(['parking', 'parking']);
    const sum = (counts: Record<string, number>): number =>
      Object.values(counts).reduce((total, each) => total + each, 0);
    expect([sum(found.questions.before), sum(found.questions.after)]).toEqual([
      found.questions.count,
      found.questions.count,
    ]);
  });

  test('the policy in force changes nothing, and nothing is written, also while a server runs', async () => {
    const server = kefu(['serve'], { ...ground.environment, KEFU_PORT: '0' });
    await server.ready();
    const { code, stdout } = await run(['whatif', '--policy', await policy('same.json', {})]);
    expect(code).toBe(0);
    expect(stdout).toContain('Nothing in it is otherwise than now.');
    expect(stdout).toContain('Every question fares as before.');
    server.signal('SIGTERM');
    expect(await server.exited).toBe(0);
    const backends = await openBackends(configure(ground.config), makeLogger('silent'));
    const after = await backends.log.head();
    await backends.close();
    expect(after).toBe(head);
  });

  test('a model is asked only live; without a record of one its answers are unknown', async () => {
    const model = await ModelServer.start(saying('It is ', 'so.'));
    const environment = { KEFU_LLM_URL: model.url, KEFU_LLM_MODEL: 'tried' };
    const file = await policy('asks.json', { default: { usesModel: true } });
    const recorded = await run(['whatif', '--policy', file], environment);
    expect(recorded.stdout).toMatch(/ → unknown +█/);
    expect(model.asked).toHaveLength(0);
    const live = await run(['whatif', '--policy', file, '--model', 'live'], environment);
    expect(live.stdout).toMatch(/ → answered by the model +█/);
    expect(live.stdout).toContain(`The model was asked ${model.asked.length} times.`);
    expect(model.asked.length).toBeGreaterThan(0);
    const none = await run(['whatif', '--policy', file, '--model', 'none'], environment);
    expect(none.stdout).toContain('Every question fares as before.');
    await model.stop();
  });

  test('what a real assistant has decided is understood, a model’s answers with it', async () => {
    const model = await ModelServer.start(saying('It is ', 'so.'));
    const environment = { KEFU_LLM_URL: model.url, KEFU_LLM_MODEL: 'tried' };
    const server = kefu(['serve'], { ...ground.environment, ...environment, KEFU_PORT: '0' });
    const { url } = await server.ready();
    const since = String(Date.now());
    const opened = await new HttpClient(url, undefined).post<{ session: string; token: string }>('/v1/sessions', {});
    const { session, token } = opened.body;
    const socket = await connect(url, token);
    await socket.expect('joined', { type: 'join', session, after: 0 });
    const fact = (type: string) =>
      socket.next('event', ({ event }) => event.type === type && roleOf(event) !== 'visitor');
    const say = (text: string) => socket.expect('ack', { type: 'say', session, text });
    await say('退货怎么操作?');
    await fact('MessagePosted');
    await say('do you sell scissors for the left hand');
    await fact('MessagePosted');
    await Promise.all([say('hm'), say('and saws for both of them')]);
    await fact('MessagePosted');
    await say('talk to a human');
    await fact('HandoffRequested');
    socket.close();

    const asked = model.asked.length;
    const same = await run(['whatif', '--policy', await policy('same.json', {}), '--since', since], environment);
    expect(same.stdout).toMatch(/: 4 questions in 1 session,/);
    expect(same.stdout).toContain('Every question fares as before.');
    const file = await policy('alone.json', { default: { usesModel: false } });
    const alone = await run(['whatif', '--policy', file, '--since', since], environment);
    expect(alone.stdout).toMatch(/ answered by the model → handed to people +█/);
    expect(alone.stdout).toContain('“do you sell scissors for the left hand”');
    expect(model.asked).toHaveLength(asked);
    server.signal('SIGTERM');
    await server.exited;
    await model.stop();
  });

  // The last of all: it leaves this tenant another knowledge.
  test('what a tenant has changed in its knowledge is part of what is tried', async () => {
    const file = await policy('same-again.json', {});
    const tried = (tenant: string) => run(['whatif', '--policy', file, '--tenant', tenant]);
    expect((await tried('acme')).stdout).toContain('Every question fares as before.');
    const others = (await tried('default')).stdout;
    const backends = await openBackends(configure(ground.config), makeLogger('silent'));
    const by = { role: 'admin', id: 'ada' } as const;
    const entry = { id: 'thanks', lang: 'zh', question: '谢谢', answer: '不客气。' };
    const change = { type: 'EntryPut', entry, by } as const;
    expect(await backends.knowledgeLog.append('acme', { v: 1, edit: 'e1', at: AT, change }, 0)).toMatchObject({
      _tag: 'Stored',
    });
    await backends.close();
    const same = (await tried('acme')).stdout;
    expect(same).toMatch(/ 1 +handed to people → answered from knowledge /);
    expect(same).toContain('→ thanks (1.00) “不客气。”');
    expect(same).toContain('1 of them would be decided so today as well');
    expect((await tried('default')).stdout).toBe(others);
    // What a policy names as knowledge is all that it knows.
    const back = { id: 'back', lang: 'zh', question: '退货怎么操作?', answer: '寄回来。' };
    await policy('only.ndjson', [{ ...entry, answer: '没事。' }, back].map((each) => JSON.stringify(each)).join('\n'));
    const only = await policy('only.json', { knowledge: 'only.ndjson' });
    const { stdout } = await run(['whatif', '--policy', only, '--tenant', 'acme']);
    expect(stdout).toContain('  knowledge  without what a tenant has changed in it since\n');
    expect(stdout).toContain('→ thanks (1.00) “没事。”');
    expect(stdout).toContain('→ back (1.00) “寄回来。”');
  });
});

describe('what is asked wrongly is refused with its place and rule', () => {
  let folder: string;
  let ground: Ground;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kefu-hindsight-'));
    ground = await embedded.lay();
    await writeFile(join(folder, 'faq.ndjson'), '{"id":"a","lang":"en","question":"zebra?"}\n');
    await writeFile(join(folder, 'words.txt'), 'fine\n…\n');
  });
  afterAll(async () => {
    await ground.remove();
    await rm(folder, { recursive: true });
  });

  test.each([
    ['{', 'p.json: expected JSON'],
    ['[]', 'p.json: '],
    [
      '{"sureFrom": 0.5}',
      'p.json: knows no "sureFrom"; expected one of knowledge, sensitiveWords, budgetMs, default, tenants',
    ],
    ['{"default": {"sureFrom": 2}}', 'p.json default.sureFrom: expected a number from 0 to 1'],
    ['{"default": {"sure": 1}}', 'p.json default: knows no "sure"'],
    ['{"tenants": {"a b": {}}}', 'p.json tenants: expected names of 1 to 64 characters'],
    ['{"budgetMs": 1}', 'p.json: budgetMs: expected an integer from 50'],
    ['{"knowledge": "gone.ndjson"}', 'p.json knowledge: gone.ndjson: the file cannot be read (ENOENT)'],
    ['{"knowledge": "faq.ndjson"}', 'p.json knowledge: faq.ndjson line 1: answer: expected text'],
    ['{"sensitiveWords": "words.txt"}', 'p.json sensitiveWords: words.txt line 2: expected a word'],
  ])('the policy %s', async (content, message) => {
    const path = join(folder, 'p.json');
    await writeFile(path, content);
    const run = kefu(['whatif', '--policy', path], ground.environment);
    expect(await run.exited).toBe(2);
    expect(run.stderr()).toContain(message);
    expect(run.stderr()).not.toContain('zebra');
    expect(run.stdout()).toBe('');
  });

  test.each<[readonly string[], string]>([
    [['whatif'], '--policy'],
    [['whatif', '--policy', '/none/p.json'], '/none/p.json: the file cannot be read (ENOENT)'],
    [['whatif', '--policy', 'empty.json', '--model', 'live'], '--model live: KEFU_LLM_URL and KEFU_LLM_MODEL'],
    [['whatif', '--policy', 'empty.json', '--since', 'soon'], '--since: expected a time'],
    [
      ['whatif', '--policy', 'empty.json', '--since', '1764000000001', '--until', '1764000000000'],
      '--since: expected a time before',
    ],
    [['whatif', '--policy', 'empty.json', '--json', '/none/x.json'], '--json: /none/x.json cannot be written (ENOENT)'],
    [['whatif', '--policy', 'empty.json', '--tenant', 'a b'], '--tenant: expected 1 to 64'],
    [['export'], '--as'],
    [['export', '--as', 'poem'], 'finetune'],
    [['export', '--as', 'finetune', '--rated-from', '6'], 'expected an integer from 1 to 5'],
  ])('the command %j', async (args, message) => {
    await writeFile(join(folder, 'empty.json'), '{}');
    const run = kefu(
      args.map((each) => (each === 'empty.json' ? join(folder, each) : each)),
      ground.environment,
    );
    expect(await run.exited).toBe(2);
    expect(run.stderr()).toContain(message);
  });
});
