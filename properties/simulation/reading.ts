/** Reading over HTTP: one session's row or messages, now or as it was, or the inbox; from any process, whoever serves it. */
import type { SessionRef } from '../../events/names.ts';
import { shardOf } from '../../events/shard.ts';
import type { Client } from './client.ts';
import type { Dice } from './dice.ts';
import { InjectedFault } from './faults.ts';
import type { Town } from './people.ts';
import type { ReadWitness } from './reads.ts';
import type { Life } from './simulated-process.ts';

const INBOX_MAX = 200;

/** Asks one question of a process, and keeps the answer for the checks. No answer comes from who dies. */
export const readFrom = async (town: Town, client: Client, life: Life, dice: Dice): Promise<void> => {
  const { ground } = town;
  try {
    await (dice.happens(0.15) ? readInbox(town, client, life) : readSession(town, client, life, dice));
  } catch (error) {
    if (!(error instanceof InjectedFault)) ground.violated('nothing throws by itself', `a read: ${String(error)}`);
  }
};

const readSession = async (town: Town, client: Client, life: Life, dice: Dice): Promise<void> => {
  const { ground, ownership, shards, reads } = town;
  const { ref } = client;
  const shard = shardOf(ref.session, shards);
  const term = ownership.term(life, shard);
  const sentAt = ground.scheduler.turns;
  await ground.scheduler.turn(client.owner);
  const isPretender = life.holds.has(shard) && ownership.term(life, shard) === 0;
  const answer = await unlessDead(life, ask(life, ref, dice));
  if (answer === undefined) return;
  await ground.scheduler.turn(client.owner);
  ground.tell(() => `${client.owner.name} reads ${answer.row?.seq ?? 0} from ${life.owner.name}`);
  reads.push({
    ref,
    client: client.owner.name,
    servedBy: life.owner.name,
    sentAt,
    answeredAt: ground.scheduler.turns,
    mayBeOld: isPretender || ownership.term(life, shard) !== term,
    ...answer,
  });
};

const ask = async (
  life: Life,
  ref: SessionRef,
  dice: Dice,
): Promise<Pick<ReadWitness, 'row' | 'query' | 'page' | 'asOf'>> => {
  const what = dice.weighted({ now: 4, was: 1, messages: 6 });
  if (what === 'now') return { row: await life.reader.session(ref) };
  if (what === 'was') {
    const asOf = dice.between(1, 12);
    return { row: await life.reader.session(ref, asOf), asOf };
  }
  const limit = dice.pick([1, 3, 50]);
  const from = dice.between(0, 12);
  const query = { limit, ...dice.pick([{}, { after: from }, { before: from + 1 }]) };
  const page = await life.reader.messages(ref, query);
  return page === undefined ? { row: undefined } : { row: undefined, query, page };
};

/** An answer holds what this process had acknowledged of the shards that it serves before and after. */
const readInbox = async ({ ground, ownership, shards, inboxes }: Town, client: Client, life: Life): Promise<void> => {
  const terms = (): readonly number[] => Array.from({ length: shards }, (_, shard) => ownership.term(life, shard));
  const before = terms();
  const sentAt = ground.scheduler.turns;
  await ground.scheduler.turn(client.owner);
  const page = await unlessDead(life, life.reader.inbox({ tenant: client.ref.tenant, limit: INBOX_MAX }));
  if (page === undefined) return;
  ground.tell(
    () =>
      `${client.owner.name} lists ${page.rows.map(({ session, seq }) => `${session}:${seq}`).join(' ')} from ${life.owner.name}`,
  );
  const after = terms();
  const held = new Set([...before.keys()].filter((shard) => before[shard] !== 0 && before[shard] === after[shard]));
  inboxes.push({ servedBy: life.owner.name, sentAt, shards: held, rows: page.rows });
};

const unlessDead = <A>(life: Life, answer: Promise<A>): Promise<A | undefined> => {
  let mourner = (): void => undefined;
  const death = new Promise<undefined>((resolve) => {
    mourner = () => resolve(undefined);
    if (life.owner.alive) life.mourners.add(mourner);
    else mourner();
  });
  return Promise.race([answer, death]).finally(() => life.mourners.delete(mourner));
};
