/**
 * A month gone by, written into a log: dialogues as sessions that the assistant answers where it can and people where it
 * cannot. Every fact is decided by the session's own rules and the present policy; only the clock is made up.
 */
import { isLeft } from 'fp-ts/lib/Either.js';
import { ASSISTANT } from '../../actors/assistant/assistant.ts';
import type { Side } from '../../actors/assistant/hindsight/second-thought.ts';
import type { Model } from '../../actors/assistant/model.ts';
import { QuestionFold } from '../../actors/assistant/question.ts';
import { think } from '../../actors/assistant/think.ts';
import { decide } from '../../actors/decide.ts';
import { contextOf, type SessionState, statusOf, unopened } from '../../actors/session-state.ts';
import type { Command } from '../../events/commands.ts';
import { COMMIT_VERSION } from '../../events/commit.ts';
import type { EventLog } from '../../events/event-log.ts';
import type { Fact, Person } from '../../events/facts.ts';
import { IdGenerator } from '../../events/id-generator.ts';
import { type Chance, seeded } from '../demo/chance.ts';
import type { Dialogue } from '../demo/dialogues.ts';

export interface Past {
  readonly dialogues: readonly Dialogue[];
  /** How the assistant answered then. */
  readonly side: Side;
  readonly model?: Model;
  readonly tenant?: string;
  /** When it began, in Unix milliseconds, and over how much time the sessions are spread. */
  readonly startAt: number;
  readonly spreadMs: number;
  readonly seed: number;
  readonly written?: (sessions: number) => void;
}

const AT_ONCE = 32;
const WORKER = 1_023;
/** How long each takes, in milliseconds, from and to. */
const TYPES: readonly [number, number] = [4_000, 40_000];
const COMES: readonly [number, number] = [20_000, 400_000];
/** Sessions that are rated, and the scores by their shares. */
const SCORES: readonly (number | undefined)[] = [5, 5, 5, 4, 4, 3, 1, undefined, undefined];

/** The sessions' ids, in the order of the dialogues. */
export const writePast = async (log: EventLog, past: Past): Promise<readonly string[]> => {
  const { dialogues, startAt, spreadMs, seed } = past;
  const chance = seeded(seed);
  const starts = dialogues.map(() => Math.floor(startAt + chance() * spreadMs)).toSorted((a, b) => a - b);
  let now = startAt;
  const ids = new IdGenerator(WORKER, startAt, startAt + spreadMs + 1e12, () => now);
  const sessions: string[] = [];
  let [next, written] = [0, 0];
  const work = async (): Promise<void> => {
    for (let index = next++; index < dialogues.length; index = next++) {
      const dialogue = dialogues[index];
      if (dialogue === undefined) return;
      now = Math.max(now, starts[index] ?? startAt);
      const session = new PastSession(
        log,
        past,
        idFrom(ids),
        idFrom(ids),
        starts[index] ?? startAt,
        seeded(seed + index),
      );
      sessions[index] = session.id;
      await session.play(dialogue);
      written += 1;
      past.written?.(written);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return sessions;
};

const idFrom = (ids: IdGenerator): string => {
  const id = ids.next();
  if (isLeft(id)) throw new Error(`no id: ${id.left._tag}`);
  return id.right;
};

class PastSession {
  readonly id: string;
  readonly #log: EventLog;
  readonly #past: Past;
  readonly #prefix: string;
  readonly #chance: Chance;
  #at: number;
  #state: SessionState = unopened;
  #position = 0;
  #asked = 0;
  readonly #facts: Fact[] = [];

  constructor(log: EventLog, past: Past, id: string, prefix: string, at: number, chance: Chance) {
    this.#log = log;
    this.#past = past;
    this.id = id;
    this.#prefix = prefix;
    this.#at = at;
    this.#chance = chance;
  }

  async play({ id, turns }: Dialogue): Promise<void> {
    const visitor: Person = { role: 'visitor', id };
    const agent: Person = { role: 'agent', id: `agent-${1 + Math.floor(this.#chance() * 9)}` };
    await this.#ask(visitor, { type: 'OpenSession', visitor: { id } });
    for (const { role, text } of turns) {
      this.#pass(TYPES);
      if (role === 'visitor') {
        await this.#ask(visitor, { type: 'PostMessage', text });
        await this.#letAssistantAnswer();
        continue;
      }
      // What the assistant has answered, or has asked about, no person answers.
      if (statusOf(this.#state) === 'assistant') continue;
      if (statusOf(this.#state) === 'queued') {
        this.#pass(COMES);
        await this.#ask(agent, { type: 'ClaimSession' });
      }
      await this.#ask(agent, { type: 'PostMessage', text });
    }
    this.#pass(TYPES);
    await this.#ask(visitor, { type: 'CloseSession' });
    const score = SCORES[Math.floor(this.#chance() * SCORES.length)];
    if (score !== undefined) await this.#ask(visitor, { type: 'RateSession', score });
  }

  async #letAssistantAnswer(): Promise<void> {
    if (statusOf(this.#state) !== 'assistant') return;
    const { side, model, tenant = 'default' } = this.#past;
    const fold = new QuestionFold(contextOf(this.#state));
    this.#facts.forEach((fact, index) => fold.take(fact, index + 1));
    const thought = await think(
      { ...side.policies.of(tenant), gatherMs: 0 },
      {
        knowledge: side.knowledge.of(tenant),
        filter: side.filter,
        model,
        clock: { monotonicMs: () => this.#at, after: () => () => undefined },
      },
      fold.question(),
      { tenant, signal: new AbortController().signal, budgetMs: side.budgetMs, onText: () => undefined },
    );
    if (thought._tag === 'Overtaken') throw new Error('nobody overtakes the past');
    this.#at += thought.reply.type === 'Answer' ? 20 : side.policies.of(tenant).gatherMs;
    await this.#ask(ASSISTANT, thought.reply);
  }

  async #ask(by: Person, command: Command): Promise<void> {
    this.#asked += 1;
    const clientId = `${this.#prefix}-${this.#asked}`;
    const decision = decide(
      this.#state,
      { by, clientId, command },
      { at: this.#at, freshId: clientId, remembered: undefined },
    );
    if (isLeft(decision)) throw new Error(`${command.type} was refused: ${decision.left._tag}`);
    if (decision.right._tag !== 'Facts') return;
    const { facts, after } = decision.right;
    const { tenant = 'default' } = this.#past;
    const appended = await this.#log.append({
      tenant,
      session: this.id,
      expected: this.#position,
      commit: {
        v: COMMIT_VERSION,
        session: this.id,
        seq: this.#state.seq + 1,
        commit: clientId,
        at: this.#at,
        events: facts,
      },
    });
    if (appended._tag !== 'Stored') throw new Error(`a commit of the past was not stored: ${appended._tag}`);
    this.#position = appended.position;
    this.#state = after;
    this.#facts.push(...facts);
  }

  #pass([from, to]: readonly [number, number]): void {
    this.#at += Math.floor(from + this.#chance() * (to - from));
  }
}
