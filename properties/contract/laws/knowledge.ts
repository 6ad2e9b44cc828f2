/** Changing what the assistant knows while it runs. */
import { describe, expect, test, vi } from 'vitest';
import type { Entry } from '../../../events/knowledge.ts';
import { roles } from '../../../events/names.ts';
import { sampleKnowledge } from '../../../infra/assistant/sample-knowledge.ts';
import { expectProblem, type HttpClient } from '../http-client.ts';
import { type Kefu, said, type Tenant } from '../kefu.ts';
import { anyText, textLike } from '../shapes.ts';

const MARK = 'zebra';
const revisionLike = textLike(/^[0-9a-f]{12}(\.\d+)?$/);
const parking = { lang: 'en', question: 'Where can I park?', also: ['car park'], answer: 'Behind the shop.' };

interface Page {
  readonly entries: readonly Entry[];
  readonly revision: string;
  readonly next: string | null;
}

interface Fact {
  readonly type: string;
  readonly [key: string]: unknown;
}

interface Found {
  readonly outcome: string;
  readonly candidates: readonly (Entry & { readonly confidence: number; readonly revision: string })[];
}

export const knowledgeLaws = (kefu: () => Kefu): void => {
  const staffed = (): { tenant: Tenant; admin: HttpClient } => {
    const tenant = kefu().tenant();
    return { tenant, admin: tenant.person('admin').http };
  };
  const put = (http: HttpClient, id: string, entry: unknown) =>
    http.send<{ id: string; revision: string }>(`/v1/kb/${encodeURIComponent(id)}`, {
      method: 'PUT',
      body: JSON.stringify(entry),
    });
  const remove = (http: HttpClient, id: string) =>
    http.send<{ id: string; revision: string }>(`/v1/kb/${encodeURIComponent(id)}`, { method: 'DELETE' });
  const entryAt = (http: HttpClient, id: string, revision?: string) =>
    http.get<Entry & { revision: string }>(
      `/v1/kb/${encodeURIComponent(id)}${revision === undefined ? '' : `?revision=${revision}`}`,
    );
  const find = async (http: HttpClient, question: string): Promise<Found> =>
    (await http.post<Found>('/v1/kb-find', { question })).body;

  describe('the knowledge base', () => {
    test('starts as the file that Kefu was given', async () => {
      const { admin } = staffed();
      const { status, body } = await admin.get<Page>('/v1/kb?limit=200');
      expect({ status, body }).toEqual({
        status: 200,
        body: {
          entries: sampleKnowledge.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
          revision: revisionLike,
          next: null,
        },
      });
    });

    test.each(['parking', 'zh-停车', 'with spaces, / and ? #'])('takes an entry under the id %s', async (id) => {
      const { admin } = staffed();
      const first = await put(admin, id, parking);
      expect({ status: first.status, body: first.body }).toEqual({ status: 201, body: { id, revision: revisionLike } });
      const { revision } = first.body;
      expect((await entryAt(admin, id)).body).toEqual({ id, ...parking, revision });
      expect(await find(admin, 'is there a car park')).toMatchObject({ candidates: [{ id, revision }] });
    });

    test('the same entry again changes nothing, another one replaces it', async () => {
      const { admin } = staffed();
      const first = await put(admin, 'p', parking);
      const again = await put(admin, 'p', parking);
      expect({ status: again.status, body: again.body }).toEqual({ status: 200, body: first.body });
      const other = await put(admin, 'p', { ...parking, answer: 'In the yard.' });
      expect(other.status).toBe(200);
      expect(other.body.revision).not.toBe(first.body.revision);
      expect((await entryAt(admin, 'p')).body.answer).toBe('In the yard.');
    });

    test('an entry as it stood is found again by its revision, also when it is gone', async () => {
      const { admin } = staffed();
      const before = (await admin.get<Page>('/v1/kb')).body.revision;
      const first = await put(admin, 'p', parking);
      const second = await put(admin, 'p', { ...parking, answer: 'In the yard.' });
      const gone = await remove(admin, 'p');
      expect({ status: gone.status, body: gone.body }).toEqual({
        status: 200,
        body: { id: 'p', revision: revisionLike },
      });
      expect((await entryAt(admin, 'p', first.body.revision)).body).toEqual({ ...parking, ...first.body });
      expect((await entryAt(admin, 'p', second.body.revision)).body.answer).toBe('In the yard.');
      for (const revision of [undefined, before, gone.body.revision, '000000000000', '000000000000.1'])
        expectProblem(await entryAt(admin, 'p', revision), 404, 'not_found');
      expectProblem(await remove(admin, 'p'), 404, 'not_found');
    });

    test('an entry of the file can be replaced and removed, for this tenant alone', async () => {
      const { admin } = staffed();
      const other = kefu().tenant().person('admin').http;
      const { answer: _answer, ...hours } = sampleKnowledge.find(({ id }) => id === 'hours-en') ?? parking;
      await put(admin, 'hours-en', { ...hours, answer: 'Never.' });
      expect(await find(admin, hours.question)).toMatchObject({ outcome: 'sure', candidates: [{ answer: 'Never.' }] });
      await remove(admin, 'hours-en');
      const { candidates } = await find(admin, hours.question);
      expect(candidates.map(({ id }) => id)).not.toContain('hours-en');
      expect(await find(other, hours.question)).toMatchObject({ outcome: 'sure', candidates: [{ id: 'hours-en' }] });
      const page = (await admin.get<Page>('/v1/kb?limit=200')).body;
      expect(page.entries).toHaveLength(sampleKnowledge.length - 1);
    });

    test('is paged by id', async () => {
      const { admin } = staffed();
      await put(admin, 'a-first', parking);
      const seen: string[] = [];
      for (let after: string | null = ''; after !== null; ) {
        const query: string = after === '' ? '' : `&after=${encodeURIComponent(after)}`;
        const page = (await admin.get<Page>(`/v1/kb?limit=5${query}`)).body;
        expect(page.entries.length).toBeLessThanOrEqual(5);
        seen.push(...page.entries.map(({ id }) => id));
        after = page.next;
      }
      expect(seen).toEqual(['a-first', ...sampleKnowledge.map(({ id }) => id)].toSorted());
    });

    test('changes made at the same time are all kept', async () => {
      const { admin } = staffed();
      const ids = Array.from({ length: 20 }, (_, at) => `p${at}`);
      const answers = await Promise.all(ids.map((id) => put(admin, id, parking)));
      expect(answers.map(({ status }) => status)).toEqual(ids.map(() => 201));
      expect(new Set(answers.map(({ body }) => body.revision)).size).toBe(20);
      for (const id of ids) expect((await entryAt(admin, id)).status).toBe(200);
    });

    test('what was changed is what visitors are answered', async () => {
      const { tenant, admin } = staffed();
      const { body } = await put(admin, 'parking', { ...parking, question: 'Where may I leave my carriage?' });
      const asked = 'Where may I leave my carriage?';
      await vi.waitFor(async () => {
        const opened = await tenant.opened();
        const socket = await opened.visitor.socket();
        await socket.expect('joined', { type: 'join', session: opened.session });
        await said(opened.visitor, opened, asked);
        const reply = await socket.next(
          'event',
          ({ event }) =>
            event.type === 'HandoffRequested' || (event.type === 'MessagePosted' && event['text'] !== asked),
        );
        socket.close();
        expect(reply.event['text']).toBe(parking.answer);
      });
      expect(body.revision).toMatch(/\.\d+$/);
    });

    test('an answer names its entry as it stood, also when that was changed since or is gone', async () => {
      const { tenant, admin } = staffed();
      const agent = tenant.person('agent').http;
      const question = 'Where may I leave my carriage?';
      const { revision } = (await put(admin, 'carriage', { ...parking, question })).body;
      for (let server = 0; server < 2; server++)
        await vi.waitFor(async () => expect((await entryAt(agent, 'carriage')).body).toMatchObject({ revision }));
      const opened = await tenant.opened();
      await said(opened.visitor, opened, question);
      const decided = await vi.waitFor(async () => {
        const { events } = (await agent.get<{ events: readonly Fact[] }>(opened.path('/events'))).body;
        const fact = events.find(({ type }) => type === 'AssistantDecided');
        expect(fact).toMatchObject({ outcome: 'answered', source: 'knowledge', entry: 'carriage', revision });
        expect(events).toContainEqual(expect.objectContaining({ type: 'MessagePosted', text: parking.answer }));
        return fact;
      });
      await put(admin, 'other', parking);
      await put(admin, 'carriage', { ...parking, question: 'Horses?', answer: 'In the stable.' });
      const stood = { id: 'carriage', ...parking, question };
      const asAnswered = async () => (await entryAt(agent, 'carriage', String(decided?.['revision']))).body;
      expect(await asAnswered()).toMatchObject(stood);
      await remove(admin, 'carriage');
      expect(await asAnswered()).toMatchObject(stood);
    });

    test('a change is in force wherever one asks, within moments', async () => {
      const { tenant, admin } = staffed();
      const { revision } = (await put(admin, 'p', parking)).body;
      for (let server = 0; server < 2; server++) {
        const { http } = tenant.person('agent');
        await vi.waitFor(async () => expect((await entryAt(http, 'p')).body).toMatchObject({ revision }));
      }
    });

    test('outlives a restart', async () => {
      const { tenant, admin } = staffed();
      await put(admin, 'p', parking);
      const { revision } = (await remove(admin, 'hours-en')).body;
      await kefu().restart();
      const again = tenant.person('admin').http;
      expect((await entryAt(again, 'p')).body).toMatchObject({ ...parking, revision });
      expectProblem(await entryAt(again, 'hours-en'), 404, 'not_found');
    });
  });

  describe('a tenant’s own synonyms', () => {
    test('lead from one word to the other', async () => {
      const { admin } = staffed();
      await put(admin, 'k2', { lang: 'zh', question: 'K2 Pro 是什么？', answer: '一台黑色的榨汁机。' });
      expect((await find(admin, '小黑是什么')).candidates[0]?.confidence ?? 0).toBeLessThan(0.8);
      const groups = [['小黑', 'K2 Pro']];
      const replaced = await admin.send('/v1/kb-synonyms', { method: 'PUT', body: JSON.stringify({ groups }) });
      expect({ status: replaced.status, body: replaced.body }).toEqual({
        status: 200,
        body: { revision: revisionLike },
      });
      expect((await admin.get('/v1/kb-synonyms')).body).toMatchObject({ groups });
      expect(await find(admin, '小黑是什么')).toMatchObject({ outcome: 'sure', candidates: [{ id: 'k2' }] });
    });
  });

  describe('of the knowledge base', () => {
    test.each(roles)('the %s may read and change what is theirs to', async (role) => {
      const { http } = kefu().tenant().person(role);
      const reads = role !== 'visitor';
      for (const path of ['/v1/kb', '/v1/kb/hours-en', '/v1/kb-synonyms'])
        expect((await http.get(path)).status).toBe(reads ? 200 : 403);
      expect((await http.post('/v1/kb-find', { question: 'hello' })).status).toBe(reads ? 200 : 403);
      const changes = [
        await put(http, 'p', parking),
        await remove(http, 'hours-en'),
        await http.send('/v1/kb-synonyms', { method: 'PUT', body: '{"groups":[]}' }),
      ];
      expect(changes.map(({ status }) => status)).toEqual(role === 'admin' ? [201, 200, 200] : [403, 403, 403]);
    });

    test.each([
      ['lang', { ...parking, lang: undefined }],
      ['question', { ...parking, question: '' }],
      ['question', { ...parking, question: MARK.repeat(1_700) }],
      ['answer', { ...parking, answer: [MARK] }],
      ['also', { ...parking, also: MARK }],
      ['also.1', { ...parking, also: ['fine', 7] }],
      ['body', [MARK]],
    ])('an entry that is wrong is told where: %s', async (place, body) => {
      const { admin } = staffed();
      const { detail } = expectProblem(await put(admin, 'p', body), 400, 'invalid');
      expect(detail).toMatch(new RegExp(`^${place}: expected \\S`));
      expect(detail).not.toContain(MARK);
    });

    test.each([
      ['groups', {}],
      ['groups', { groups: MARK }],
      ['groups.0', { groups: [[MARK]] }],
      ['groups.0.1', { groups: [[MARK, '']] }],
    ])('synonyms that are wrong are told where: %s', async (place, body) => {
      const { admin } = staffed();
      const answer = await admin.send('/v1/kb-synonyms', { method: 'PUT', body: JSON.stringify(body) });
      const { detail } = expectProblem(answer, 400, 'invalid');
      expect(detail).toMatch(new RegExp(`^${place}: expected \\S`));
      expect(detail).not.toContain(MARK);
    });

    test('an id that is too long, a limit and a revision that are none are told so', async () => {
      const { admin } = staffed();
      expect(expectProblem(await entryAt(admin, 'x'.repeat(129)), 400, 'invalid').detail).toMatch(/^entry: expected/);
      expect(expectProblem(await admin.get('/v1/kb?limit=201'), 400, 'invalid').detail).toMatch(/^limit: expected/);
      expect(expectProblem(await entryAt(admin, 'p', 'x'), 400, 'invalid').detail).toMatch(/^revision: expected/);
    });

    test('the specification has every call', async () => {
      const { body } = await kefu().anyone.get<{ paths: Record<string, Record<string, unknown>> }>('/v1/openapi.json');
      const calls = Object.entries(body.paths)
        .filter(([path]) => path.startsWith('/v1/kb'))
        .map(([path, methods]) => `${path} ${Object.keys(methods).join(' ')}`);
      expect(calls.toSorted()).toEqual([
        '/v1/kb get',
        '/v1/kb-find post',
        '/v1/kb-synonyms get put',
        '/v1/kb/{entry} get put delete',
      ]);
      expect(body.paths['/v1/kb/{entry}']?.['put']).toMatchObject({ summary: anyText, 'x-roles': ['admin'] });
    });
  });
};
