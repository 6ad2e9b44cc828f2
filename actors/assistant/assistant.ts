/**
 * The assistant: an actor that follows the sessions whose turn is its own, and speaks only through commands like anyone
 * else. Its reply carries the seq it has read, so that the session can refuse it when a person has taken over or the
 * visitor has written since; then it thinks again.
 */
import { isLeft } from 'fp-ts/lib/Either.js';
import type { Stored } from '../../events/commit.ts';
import type { EventLog } from '../../events/event-log.ts';
import type { SessionRef } from '../../events/names.ts';
import { shardOf } from '../../events/shard.ts';
import { readFrom } from '../seq-index.ts';
import type { Answer } from '../session-actor.ts';
import { contextOf, type SessionState, statusOf } from '../session-state.ts';
import type { Observer, Supervisor } from '../supervisor.ts';
import type { World } from '../world.ts';
import { BUDGET_DEFAULT_MS } from './budget.ts';
import { handOff, type Reply } from './judge.ts';
import type { Knowledge } from './knowledge-base.ts';
import type { Model } from './model.ts';
import { type Policies, policies } from './policy.ts';
import { type Question, QuestionFold, readsFrom } from './question.ts';
import type { Reranker } from './reranker.ts';
import { Run } from './run.ts';
import { noWords, type WordFilter } from './sensitive-words/word-filter.ts';
import { think } from './think.ts';

export interface AssistantPorts {
  readonly supervisor: Supervisor;
  readonly log: EventLog;
  readonly world: World;
  readonly knowledge: Knowledge;
  readonly policies?: Policies;
  /** What must not be answered and must not be said; without it nothing is forbidden. */
  readonly filter?: WordFilter;
  /** Asked when nobody here knows an answer. */
  readonly model?: Model | undefined;
  /** Asked which of several entries is meant. */
  readonly reranker?: Reranker | undefined;
  /** Milliseconds from a question to its reply. */
  readonly budgetMs?: number;
  /** Shows what is being written to whoever looks on. May get lost. */
  readonly show?: (ref: SessionRef, delta: Delta) => void;
}

/** A piece of an answer while it is being written. */
export interface Delta {
  readonly basedOn: number;
  /** Characters of the answer before this piece. */
  readonly offset: number;
  readonly text: string;
}

export const ASSISTANT = { role: 'assistant', id: 'assistant' } as const;

/** Tries to hand in one reply before the question waits for the visitor's next word or the session's next waking. */
const TRIES_MAX = 5;
const RETRY_MS = 200;
/** Of the budget so much is left for storing the reply and telling it. */
const TO_STORE_SHARE = 0.1;
/** Whoever goes on writing is heard out for so many budgets, and then given to people. */
const PATIENCE_BUDGETS = 2;

export class Assistant implements Observer {
  readonly #ports: AssistantPorts;
  readonly #policies: Policies;
  readonly #filter: WordFilter;
  readonly #budgetMs: number;
  /** Sessions that are being thought about. */
  readonly #runs = new Map<string, Run>();
  #isStopped = false;

  constructor(ports: AssistantPorts) {
    this.#ports = ports;
    this.#policies = ports.policies ?? policies();
    this.#filter = ports.filter ?? noWords;
    this.#budgetMs = ports.budgetMs ?? BUDGET_DEFAULT_MS;
  }

  /** How many questions are being thought about. */
  get thinking(): number {
    return this.#runs.size;
  }

  stored(ref: SessionRef, { commit }: Stored, state: SessionState): void {
    const status = statusOf(state);
    if (status === 'assistant') this.#consider(ref, state, Math.max(0, this.#ports.world.now() - commit.at));
    // Whose turn it is changes seldom, and of all other commits nothing is asked here.
    else if (this.#runs.size > 0 && (status === 'closed' || contextOf(state).turnSeq >= commit.seq))
      this.#runs.get(keyOf(ref))?.end();
  }

  /** A session that wakes up with a question left over from before is answered now. */
  activated(ref: SessionRef, state: SessionState): void {
    this.#consider(ref, state, 0);
  }

  /** These shards are served elsewhere now, and so are the questions in them. */
  leave(shards: ReadonlySet<number>): void {
    for (const run of this.#runs.values()) if (shards.has(shardOf(run.ref.session, this.#ports.log.shards))) run.end();
  }

  /** Asks nobody any more. What is not answered yet is found by whoever serves the session next. */
  stop(): void {
    this.#isStopped = true;
    for (const run of this.#runs.values()) run.end();
  }

  /** `ageMs`: how long ago it was asked. */
  #consider(ref: SessionRef, state: SessionState, ageMs: number): void {
    if (this.#isStopped || !isMine(state)) return;
    const key = keyOf(ref);
    const underWay = this.#runs.get(key);
    if (underWay !== undefined) {
      underWay.hear(contextOf(state).visitorSeq);
      return;
    }
    const run = new Run(ref, this.#ports.world.monotonicMs() - Math.min(ageMs, this.#budgetMs / 2));
    run.hear(contextOf(state).visitorSeq);
    this.#runs.set(key, run);
    void this.#answer(run).finally(() => {
      this.#runs.delete(key);
      const now = this.#ports.supervisor.live(ref)?.state;
      if (run.isWanted && now !== undefined) this.#consider(ref, now, 0);
    });
  }

  /** Until nothing waits for an answer any more. */
  async #answer(run: Run): Promise<void> {
    const { ref } = run;
    for (let failures = 0; failures < TRIES_MAX && !run.isEnded; ) {
      try {
        const question = await this.#question(run);
        if (question === undefined || run.isEnded) return;
        const reply = await this.#replyTo(run, question);
        if (reply === undefined) continue;
        const answer = await this.#handIn(ref, reply);
        if (!isLeft(answer) || answer.left._tag !== 'StaleReply') return;
      } catch (error) {
        this.#ports.world.report('the assistant could not answer', { ...ref, error });
        failures += 1;
        await this.#pause(RETRY_MS * failures);
      }
    }
  }

  /** `undefined` when something has come between. */
  async #replyTo(run: Run, question: Question): Promise<Reply | undefined> {
    const { knowledge, world, model, reranker, show } = this.#ports;
    const { ref } = run;
    const patienceMs = PATIENCE_BUDGETS * this.#budgetMs;
    if (run.rounds > 0 && world.monotonicMs() - run.since >= patienceMs) return handOff(question, 'unceasing', {});
    // What is thought about for the first time began when it was stored; a clock that jumps must not use up the time.
    const spentMs = run.rounds === 0 ? world.monotonicMs() - run.since : 0;
    let offset = 0;
    const thought = await think(
      this.#policies.of(ref.tenant),
      { knowledge: knowledge.of(ref.tenant), filter: this.#filter, model, reranker, clock: world },
      question,
      {
        tenant: ref.tenant,
        signal: run.begin(question.basedOn),
        budgetMs: Math.max(1, this.#budgetMs * (1 - TO_STORE_SHARE) - spentMs),
        onText: (text) => {
          show?.(ref, { basedOn: question.basedOn, offset, text });
          offset += text.length;
        },
      },
    );
    return thought._tag === 'Overtaken' ? undefined : thought.reply;
  }

  /** The same reply again while it cannot be known whether it is stored. */
  async #handIn(ref: SessionRef, command: Reply): Promise<Answer> {
    const ask = { by: ASSISTANT, clientId: `reply-to-${command.basedOn}`, command };
    for (let attempt = 1; ; attempt++) {
      const answer = await this.#ports.supervisor.ask(ref, ask);
      if (!isLeft(answer) || answer.left._tag !== 'Unavailable' || attempt >= TRIES_MAX) return answer;
      await this.#pause(RETRY_MS * attempt);
    }
  }

  /** The visitor's messages since the last answer, with what was said before. */
  async #question({ ref, heard }: Run): Promise<Question | undefined> {
    const actor = this.#ports.supervisor.actor(ref);
    let ready = await actor.ready();
    // Another actor of the session may have told of more: one that was let go of while it still wrote or read.
    if (!isLeft(ready) && isBehind(ready.right, heard)) ready = await actor.refreshed();
    if (isLeft(ready) || !isMine(ready.right) || isBehind(ready.right, heard)) return undefined;
    const context = contextOf(ready.right);
    const fold = new QuestionFold(context);
    const hear = (commits: readonly Stored[]): void => {
      for (const { commit } of commits) commit.events.forEach((fact, index) => fold.take(fact, commit.seq + index));
    };
    const seq = readsFrom(context);
    const oldest = actor.recent[0];
    if (oldest !== undefined && oldest.commit.seq <= seq) hear(actor.recent);
    else for await (const batch of readFrom(this.#ports.log, ref, seq, actor.startOf(seq))) hear(batch);
    return fold.question();
  }

  #pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.#ports.world.after(delayMs, resolve);
    });
  }
}

const keyOf = ({ tenant, session }: SessionRef): string => `${tenant}/${session}`;

const isBehind = (state: SessionState, visitorSeq: number): boolean =>
  statusOf(state) === 'unopened' || contextOf(state).visitorSeq < visitorSeq;

const isMine = (state: SessionState): boolean => {
  if (statusOf(state) !== 'assistant') return false;
  const { visitorSeq, answeredSeq } = contextOf(state);
  return visitorSeq > answeredSeq;
};
