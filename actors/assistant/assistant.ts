/**
 * The assistant: an actor that follows the sessions whose turn is its own, and speaks only through commands like anyone
 * else. Its reply carries the seq it has read, so that the session can refuse it when a person has taken over or the
 * visitor has written since; then it thinks again.
 */
import { isLeft } from 'fp-ts/lib/Either.js';
import type { Stored } from '../../events/commit.ts';
import type { EventLog } from '../../events/event-log.ts';
import type { SessionRef } from '../../events/names.ts';
import { readFrom } from '../seq-index.ts';
import type { Answer } from '../session-actor.ts';
import { contextOf, type SessionState, statusOf } from '../session-state.ts';
import type { Observer, Supervisor } from '../supervisor.ts';
import type { World } from '../world.ts';
import type { Knowledge } from './knowledge-base.ts';
import { type Question, replyTo } from './policy.ts';

export interface AssistantPorts {
  readonly supervisor: Supervisor;
  readonly log: EventLog;
  readonly world: World;
  readonly knowledge: Knowledge;
}

export const ASSISTANT = { role: 'assistant', id: 'assistant' } as const;

/** Tries to hand in one reply before the question waits for the visitor's next word or the session's next waking. */
const TRIES_MAX = 5;
const RETRY_MS = 200;

export class Assistant implements Observer {
  readonly #ports: AssistantPorts;
  /** Sessions with a reply under way; `true` when something new came meanwhile. */
  readonly #thinking = new Map<string, { again: boolean }>();

  constructor(ports: AssistantPorts) {
    this.#ports = ports;
  }

  stored(ref: SessionRef, _stored: Stored, state: SessionState): void {
    this.#consider(ref, state);
  }

  /** A session that wakes up with a question left over from before is answered now. */
  activated(ref: SessionRef, state: SessionState): void {
    this.#consider(ref, state);
  }

  #consider(ref: SessionRef, state: SessionState): void {
    if (!isMine(state)) return;
    const key = `${ref.tenant}/${ref.session}`;
    const thinking = this.#thinking.get(key);
    if (thinking !== undefined) {
      thinking.again = true;
      return;
    }
    this.#thinking.set(key, { again: false });
    void this.#reply(ref, 1).finally(() => {
      const again = this.#thinking.get(key)?.again === true;
      this.#thinking.delete(key);
      const now = this.#ports.supervisor.live(ref)?.state;
      if (again && now !== undefined) this.#consider(ref, now);
    });
  }

  async #reply(ref: SessionRef, attempt: number): Promise<void> {
    const { supervisor, knowledge, world } = this.#ports;
    try {
      const question = await this.#question(ref);
      if (question === undefined) return;
      const command = replyTo(knowledge.of(ref.tenant), question);
      const clientId = `reply-to-${question.basedOn}`;
      const answer: Answer = await supervisor.ask(ref, { by: ASSISTANT, clientId, command });
      if (!isLeft(answer) || answer.left._tag !== 'Unavailable') return;
    } catch (error) {
      world.report('the assistant could not read a session', { ...ref, error });
    }
    if (attempt >= TRIES_MAX) return;
    await new Promise<void>((resolve) => {
      world.after(RETRY_MS * attempt, resolve);
    });
    await this.#reply(ref, attempt + 1);
  }

  /** The visitor's messages since the last answer. */
  async #question(ref: SessionRef): Promise<Question | undefined> {
    const actor = this.#ports.supervisor.actor(ref);
    const ready = await actor.ready();
    if (isLeft(ready) || !isMine(ready.right)) return undefined;
    const { visitorSeq, answeredSeq } = contextOf(ready.right);
    const texts: string[] = [];
    const hear = (commits: readonly Stored[]): void => {
      for (const { commit } of commits)
        commit.events.forEach((fact, index) => {
          const seq = commit.seq + index;
          if (seq > answeredSeq && seq <= visitorSeq && fact.type === 'MessagePosted' && fact.author.role === 'visitor')
            texts.push(fact.text);
        });
    };
    const oldest = actor.recent[0];
    if (oldest !== undefined && oldest.commit.seq <= answeredSeq + 1) hear(actor.recent);
    else {
      const seq = answeredSeq + 1;
      for await (const batch of readFrom(this.#ports.log, ref, seq, actor.startOf(seq))) hear(batch);
    }
    return { basedOn: visitorSeq, texts };
  }
}

const isMine = (state: SessionState): boolean => {
  if (statusOf(state) !== 'assistant') return false;
  const { visitorSeq, answeredSeq } = contextOf(state);
  return visitorSeq > answeredSeq;
};
