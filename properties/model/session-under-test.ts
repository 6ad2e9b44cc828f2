/** A real session on its log, served by two processes in turn, as the model's commands reach it. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { isLeft, isRight } from 'fp-ts/lib/Either.js';
import type { Ask } from '../../actors/decide.ts';
import type { Answer } from '../../actors/session-actor.ts';
import { contextOf, statusOf } from '../../actors/session-state.ts';
import { Supervisor } from '../../actors/supervisor.ts';
import type { EventLog } from '../../events/event-log.ts';
import type { SessionRef } from '../../events/names.ts';
import type { Fault, SteeredLog } from '../doubles/steered-log.ts';
import { VirtualWorld } from '../doubles/virtual-world.ts';
import type { SessionModel, Verdict } from './session-model.ts';

const IDLE_MS = 60_000;
const TRIES_MAX = 10;

interface Process {
  readonly world: VirtualWorld;
  readonly supervisor: Supervisor;
}

let workers = 0;

export class SessionUnderTest {
  readonly #log: EventLog;
  readonly #ref: SessionRef;
  readonly #steered: SteeredLog | undefined;
  readonly #processes: Process[];
  readonly #everyShard: ReadonlySet<number>;
  /** The process that holds the session now. */
  #serving = 0;
  /** Of each message, by person and client id. */
  readonly #messageIds = new Map<string, string>();

  /** `steered` is the log itself, where it can be made to go wrong. */
  constructor(log: EventLog, ref: SessionRef, steered?: SteeredLog) {
    this.#log = log;
    this.#ref = ref;
    this.#steered = steered;
    this.#everyShard = new Set(Array.from({ length: log.shards }, (_, shard) => shard));
    this.#processes = [this.#start(), this.#start()];
  }

  /** One answer in the end, however often it must be asked. */
  async ask(process: number, ask: Ask): Promise<Answer> {
    if (process !== this.#serving) await this.#at(this.#serving).supervisor.release(this.#everyShard, 0);
    this.#serving = process;
    for (let attempt = 1; ; attempt++) {
      const answer = await this.#at(process).supervisor.ask(this.#ref, ask);
      if (isRight(answer) || answer.left._tag !== 'Unavailable' || attempt === TRIES_MAX) return answer;
    }
  }

  /** Everything at rest is forgotten. */
  rest(process: number): void {
    this.#at(process).world.pass(IDLE_MS + 2_000);
  }

  restart(process: number): void {
    this.#processes[process] = this.#start();
  }

  setClock(process: number, byMs: number): void {
    const { world } = this.#at(process);
    world.set(world.now() + byMs);
  }

  goWrong(fault: Fault): void {
    this.#steered?.failAppends(fault);
  }

  /** Throws unless the answer is the model's; `repeated` may also mean that an answer was lost. */
  compare({ by, clientId }: Ask, answer: Answer, verdict: Verdict): void {
    if (verdict._tag === 'Refused') {
      equal(isLeft(answer) ? answer.left._tag : answer.right, verdict.refusal);
      return;
    }
    equal(isLeft(answer) ? answer.left : answer.right.seq, verdict.seq);
    if (isLeft(answer)) return;
    const { messageId, repeated } = answer.right;
    if (verdict.repeated || this.#steered === undefined) equal(repeated, verdict.repeated);
    const key = JSON.stringify([by.id, clientId]);
    if (verdict.repeated) equal(messageId, this.#messageIds.get(key));
    else if (messageId !== undefined) {
      ok(![...this.#messageIds.values()].includes(messageId), 'a message id is new');
      this.#messageIds.set(key, messageId);
    }
    equal(messageId !== undefined, verdict.posts);
  }

  /** Throws unless the state in the process that was asked last is the model's. */
  async compareState(process: number, model: SessionModel): Promise<void> {
    const state = await this.#at(process).supervisor.actor(this.#ref).ready();
    if (isLeft(state)) throw new Error(JSON.stringify(state.left));
    const { visitor, assignee, visitorSeq, turnSeq, offer, readByVisitor, readByStaff } = contextOf(state.right);
    const is = {
      status: statusOf(state.right),
      visitor: visitor.id,
      assignee,
      seq: state.right.seq,
      visitorSeq,
      turnSeq,
      offer: offer && { seq: offer.seq, entries: offer.choices.map(({ entry }) => entry) },
      read: { visitor: readByVisitor, staff: readByStaff },
    };
    const { done: _, ...should } = model;
    deepEqual(is, should);
  }

  async stop(): Promise<void> {
    for (const { supervisor } of this.#processes) await supervisor.stop();
  }

  #start(): Process {
    workers = (workers + 1) % 1_024;
    const world = new VirtualWorld(undefined, workers);
    return { world, supervisor: new Supervisor(this.#log, world, { idleMs: IDLE_MS, actorsMax: 10 }) };
  }

  #at(process: number): Process {
    const found = this.#processes[process];
    if (found === undefined) throw new Error(`there is no process ${process}`);
    return found;
  }
}
