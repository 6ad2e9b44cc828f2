/** `/v1/kb`: reading and changing what the assistant knows, and trying a question on it. */
import * as t from 'io-ts';
import { findingOf } from '../../../actors/assistant/finding.ts';
import type { Edited } from '../../../actors/assistant/knowledge/knowledge-keeper.ts';
import type { Candidate, Finding } from '../../../actors/assistant/knowledge-base.ts';
import { digits, fraction, matching, oneOf, struct, text } from '../../../events/codec.ts';
import { Entry, EntryContent, EntryId } from '../../../events/knowledge.ts';
import { SynonymGroups } from '../../../events/knowledge-log.ts';
import { ENTRIES_MAX, PAGE_DEFAULT, PAGE_MAX, TEXT_CHARS_MAX } from '../../../events/limits.ts';
import { type Principal, personOf } from '../principal.ts';
import { type Problem, unavailable } from '../problem.ts';
import type { Service } from '../service.ts';
import { json, problem, type Reply, type Route, route, staff } from './route.ts';

const Revision = matching(/^[0-9a-f]{12}(\.\d{1,16})?$/, 'a revision as an answer gave it');
const StandingEntry = t.intersection([Entry, struct({ revision: Revision })]);
const params = { entry: EntryId };
const never = new AbortController().signal;

const noEntry: Problem = { code: 'not_found', message: 'there is no such entry' };

export const knowledgeRoutes = (service: Service): readonly Route[] => [
  route({
    method: 'GET',
    path: '/v1/kb',
    summary: 'The tenant’s entries by id, behind `after`; `next` is the id to go on behind, null at the end.',
    who: staff,
    query: struct({}, { after: EntryId, limit: digits(1, PAGE_MAX) }),
    answers: struct({ entries: t.array(Entry), revision: Revision, next: t.union([t.string, t.null]) }),
    answer: ({ principal, query }) => {
      const knowledge = service.knowledge.of((principal as Principal).tenant);
      const limit = query.limit ?? PAGE_DEFAULT;
      const found = knowledge.page(query.after ?? '', limit + 1);
      const entries = found.slice(0, limit);
      const next = found.length > limit ? (entries.at(-1)?.id ?? null) : null;
      return json(200, { entries, revision: knowledge.revision, next });
    },
  }),
  route({
    method: 'GET',
    path: '/v1/kb/:entry',
    summary: 'One entry; with `revision` as it stood then.',
    who: staff,
    params,
    query: struct({}, { revision: Revision }),
    answers: StandingEntry,
    answer: async ({ principal, params: { entry: id = '' }, query }) => {
      const { tenant } = principal as Principal;
      const revision = query.revision ?? service.knowledge.of(tenant).revision;
      const entry =
        query.revision === undefined
          ? service.knowledge.of(tenant).entry(id)?.entry
          : await service.knowledge.entryAt(tenant, id, revision);
      return entry === undefined ? problem(noEntry) : json(200, { ...entry, revision });
    },
  }),
  route({
    method: 'PUT',
    path: '/v1/kb/:entry',
    summary: 'Put an entry, new (201) or in the place of the one with this id (200). In force at once.',
    who: ['admin'],
    params,
    body: EntryContent,
    answers: struct({ id: EntryId, revision: Revision }),
    answer: async ({ principal, params: { entry: id = '' }, body }) => {
      const asker = principal as Principal;
      return told(await service.knowledge.put(asker.tenant, { id, ...body }, personOf(asker)), { id });
    },
  }),
  route({
    method: 'DELETE',
    path: '/v1/kb/:entry',
    summary: 'Remove an entry. As it stood it can still be read by an earlier revision.',
    who: ['admin'],
    params,
    answers: struct({ id: EntryId, revision: Revision }),
    answer: async ({ principal, params: { entry: id = '' } }) => {
      const asker = principal as Principal;
      return told(await service.knowledge.remove(asker.tenant, id, personOf(asker)), { id });
    },
  }),
  route({
    method: 'GET',
    path: '/v1/kb-synonyms',
    summary: 'The tenant’s own groups of words that mean the same.',
    who: staff,
    answers: struct({ groups: SynonymGroups, revision: Revision }),
    answer: ({ principal }) => {
      const { synonyms, revision } = service.knowledge.of((principal as Principal).tenant);
      return json(200, { groups: synonyms, revision });
    },
  }),
  route({
    method: 'PUT',
    path: '/v1/kb-synonyms',
    summary: 'Replace the tenant’s groups of words that mean the same.',
    who: ['admin'],
    body: struct({ groups: SynonymGroups }),
    answers: struct({ revision: Revision }),
    answer: async ({ principal, body }) => {
      const asker = principal as Principal;
      const edited = await service.knowledge.replaceSynonyms(asker.tenant, body.groups, personOf(asker));
      return told(edited._tag === 'Done' ? { ...edited, isNew: false } : edited, {});
    },
  }),
  route({
    method: 'POST',
    path: '/v1/kb-find',
    summary: 'What the assistant would make of a question: answer it, offer a few entries, or neither.',
    who: staff,
    body: struct({ question: text(TEXT_CHARS_MAX) }, { locale: text(35) }),
    answers: struct({
      outcome: oneOf('sure', 'unsure', 'nothing'),
      candidates: t.array(t.intersection([StandingEntry, struct({ confidence: fraction(0, 1) })])),
    }),
    answer: async ({ principal, body }) => {
      const { tenant } = principal as Principal;
      const thresholds = service.policies.of(tenant);
      const first = service.knowledge.of(tenant).find(body.question, thresholds, body.locale);
      const found =
        first._tag === 'Unsure' && service.reranker !== undefined
          ? findingOf(await service.reranker.rerank(body.question, first.choices, never), thresholds)
          : first;
      const candidates = candidatesOf(found);
      const outcome = { Sure: 'sure', Unsure: 'unsure', Nothing: 'nothing' }[found._tag];
      return json(200, { outcome, candidates: candidates.map(({ entry, ...rest }) => ({ ...entry, ...rest })) });
    },
  }),
];

const candidatesOf = (found: Finding): readonly Candidate[] => {
  if (found._tag === 'Sure') return [found.match];
  if (found._tag === 'Unsure') return found.choices;
  return found.nearest === undefined ? [] : [found.nearest];
};

const told = (edited: Edited, names: Readonly<Record<string, string>>): Reply => {
  switch (edited._tag) {
    case 'Done':
      return json(edited.isNew ? 201 : 200, { ...names, revision: edited.revision });
    case 'Unknown':
      return problem(noEntry);
    case 'Full':
      return problem({
        code: 'refused',
        reason: 'knowledge_full',
        message: `a knowledge base has at most ${ENTRIES_MAX} entries`,
      });
    case 'Unavailable':
      return problem(unavailable('the change may or may not be stored; put it again'));
  }
};
