/** Compares what every client was told with what the log holds. */
import { seenBy } from '../../events/audience.ts';
import type { Fact } from '../../events/facts.ts';
import { Api } from '../demo/api.ts';
import { readHistories, readStream } from '../demo/read-back.ts';
import { type Item, isFaultless, tally } from '../demo/tally.ts';
import { itemOf, messageItem } from '../demo/witness.ts';
import type { Conversation, Crowd } from './crowd.ts';
import type { Ground } from './ground.ts';
import type { OwnWrites } from './own-writes.ts';
import type { Party, Said } from './party.ts';
import type { Facts, Truth } from './truth.ts';
import { digestOf } from './wire.ts';

/** Each law with the places where it was broken. */
export interface Verdict {
  readonly acknowledgedLost: readonly string[];
  readonly refusedStored: readonly string[];
  readonly duplicated: readonly string[];
  readonly outOfOrder: readonly string[];
  readonly gaps: readonly string[];
  readonly forks: readonly string[];
  readonly seenNotInLog: readonly string[];
  readonly historyUnequal: readonly string[];
  readonly streamUnequal: readonly string[];
  readonly viewsUnlikeRebuild: readonly string[];
  readonly staleReads: readonly string[];
  readonly stuck: readonly string[];
}

export const isClean = (verdict: Verdict): boolean => Object.values(verdict).every(({ length }) => length === 0);

export const judge = async (
  ground: Ground,
  crowd: Crowd,
  truth: Truth,
  ownWrites: OwnWrites,
  stuck: readonly string[],
): Promise<Verdict> => {
  const { conversations, wires } = crowd;
  const parties = conversations.flatMap(partiesOf);
  const flaws = wires.flatMap((wire) => wire.flaws);
  const told = (which: string): readonly string[] =>
    flaws.filter(({ flaw }) => flaw === which).map(({ where }) => `on a socket: ${where}`);
  const api = new Api(ground.machines[0]?.url ?? '');
  const token = crowd.badges.tokenFor('analyst', 'reader');
  const sessions = conversations.map(({ visitor }) => visitor.session);
  return {
    acknowledgedLost: parties.flatMap((party) => lostOf(party, factsOf(truth, party))),
    refusedStored: parties.flatMap((party) => refusedStoredOf(party, factsOf(truth, party))),
    duplicated: [...told('duplicated'), ...[...truth.sessions].flatMap(([session, facts]) => twice(session, facts))],
    outOfOrder: parties.flatMap((party) => disorderOf(party, factsOf(truth, party))),
    gaps: [...told('gap'), ...truth.gaps, ...parties.flatMap(gapsOf)],
    forks: [...told('changed'), ...truth.forks],
    seenNotInLog: wires.flatMap(({ name, seen }) =>
      [...seen].flatMap(([session, events]) =>
        unlikeLog(`${name} on ${session}`, events, truth.sessions.get(session) ?? [], !name.startsWith('agent')),
      ),
    ),
    historyUnequal: unequal(await readHistories(api, token, sessions), truth, (facts) =>
      facts.flatMap((fact, index) => (fact.type === 'MessagePosted' ? [messageItem({ ...fact, seq: index + 1 })] : [])),
    ),
    streamUnequal: await unequalStream(api, token, truth),
    viewsUnlikeRebuild: truth.unlikeRebuild,
    staleReads: ownWrites.stale,
    stuck,
  };
};

export const partiesOf = ({ visitor, agent }: Conversation): readonly Party[] =>
  agent === undefined ? [visitor] : [visitor, agent];

const factsOf = ({ sessions }: Truth, party: Party): Facts => sessions.get(party.session) ?? [];

const isStoredAs = (said: Said, fact: Fact | undefined): boolean =>
  fact !== undefined &&
  'text' in fact &&
  fact.text === said.text &&
  (fact.type !== 'MessagePosted' || fact.messageId === said.ack?.messageId);

const lostOf = ({ said, session }: Party, facts: Facts): readonly string[] =>
  said.flatMap((each) => {
    if (each.outcome !== 'acked' || each.ack === undefined || isStoredAs(each, facts[each.ack.seq - 1])) return [];
    const there = facts[each.ack.seq - 1];
    return [
      `${session}: "${each.text}" was acknowledged at seq ${each.ack.seq}, where ${JSON.stringify(there)} stands`,
    ];
  });

const refusedStoredOf = ({ said, session }: Party, facts: Facts): readonly string[] => {
  const texts = new Set(facts.flatMap((fact) => ('text' in fact ? [fact.text] : [])));
  return said
    .filter(({ outcome, text }) => outcome === 'refused' && texts.has(text))
    .map(({ text, why }) => `${session}: "${text}" was refused (${why}) and is stored`);
};

/** Every text is said once, and the assistant decides once about what it has read. */
const twice = (session: string, facts: Facts): readonly string[] => {
  const first = new Map<string, number>();
  return facts.flatMap((fact, index) => {
    const key = onceOf(fact);
    if (key === undefined) return [];
    const before = first.get(key);
    first.set(key, index + 1);
    return before === undefined ? [] : [`${session}: ${key} stands at seq ${before} and at ${index + 1}`];
  });
};

const onceOf = (fact: Fact): string | undefined => {
  if (fact.type === 'AssistantDecided') return `${fact.type} on ${fact.basedOn}`;
  if (fact.type === 'NoteAdded') return `note "${fact.text}"`;
  if (fact.type === 'MessagePosted' && fact.author.role !== 'assistant') return `message "${fact.text}"`;
  return fact.type === 'SessionOpened' || fact.type === 'SessionAssigned' ? fact.type : undefined;
};

/** The client sends what one person says one after the other: so it must stand. */
const disorderOf = ({ said, session }: Party, facts: Facts): readonly string[] => {
  const places = new Map(facts.flatMap((fact, index) => ('text' in fact ? [[fact.text, index + 1] as const] : [])));
  let newest = 0;
  return said.flatMap(({ text }) => {
    const place = places.get(text);
    if (place === undefined) return [];
    const isLate = place < newest;
    newest = Math.max(newest, place);
    return isLate ? [`${session}: "${text}" stands at seq ${place}, before something said earlier`] : [];
  });
};

/** What the client gave to its application must be 1, 2, 3 …, up to all that was acknowledged. */
const gapsOf = ({ name, seqs, session }: Party): readonly string[] => {
  const at = seqs.findIndex((seq, index) => seq !== index + 1);
  return at < 0 ? [] : [`${session}: the application of ${name} got seq ${seqs[at]} where ${at + 1} was due`];
};

const unlikeLog = (
  where: string,
  events: ReadonlyMap<number, string>,
  facts: Facts,
  isVisitor: boolean,
): readonly string[] =>
  [...events].flatMap(([seq, digest]) => {
    const fact = facts[seq - 1];
    const stored = fact === undefined ? 'nothing' : digestOf(seenBy(isVisitor ? 'visitor' : 'staff', fact));
    return stored === digest ? [] : [`${where}: seq ${seq} was seen as "${digest}", the log has "${stored}"`];
  });

const unequal = (
  came: ReadonlyMap<string, readonly Item[]>,
  { sessions }: Truth,
  itemsOf: (facts: Facts) => readonly Item[],
): readonly string[] =>
  [...came].flatMap(([session, items]) => {
    const faults = tally(itemsOf(sessions.get(session) ?? []), items);
    return isFaultless(faults) ? [] : [`${session}: ${JSON.stringify(faults)}`];
  });

/** Keys of a play's items are made for sessions with one fact of a type; here the seq tells them apart. */
const unequalStream = async (api: Api, token: string, truth: Truth): Promise<readonly string[]> => {
  const came = await readStream(api, token, 0);
  const place = (item: Item): string => `${item.seq} ${item.key} ${item.says}`;
  return [...truth.sessions].flatMap(([session, facts]) => {
    const wanted = facts.map((fact, index) => place(itemOf(index + 1, fact)));
    const got = (came.get(session) ?? []).map(place);
    const at = wanted.findIndex((each, index) => each !== got[index]);
    if (at < 0 && got.length === wanted.length) return [];
    return [`${session}: the stream has ${got.length} facts, the log ${wanted.length}; first difference at ${at + 1}`];
  });
};
