/**
 * Sees to it that deadlines pass. Every second it looks, by way of the views, for sessions in which one seems to have
 * passed, and asks each of them to do what follows from it. The session is the judge: it knows whether that is so, and does
 * it once, whoever asks and however often. A deadline therefore outlives the process, and the views can be lost like any
 * other.
 */
import { isLeft } from 'fp-ts/lib/Either.js';
import type { Due, DueQuery, DueSession } from '../events/deadlines.ts';
import type { EventLog } from '../events/event-log.ts';
import type { SessionRef } from '../events/names.ts';
import { shardOf } from '../events/shard.ts';
import { contextOf, dueOf, type SessionState } from './session-state.ts';
import type { Observer, Supervisor } from './supervisor.ts';
import type { World } from './world.ts';

export interface DeadlineKeeperPorts {
  readonly log: Pick<EventLog, 'shards'>;
  readonly supervisor: Supervisor;
  readonly world: World;
  /** The shards whose sessions this process serves now. */
  readonly owned: () => ReadonlySet<number>;
  /** What the views know to be due, earliest first; rejects when they cannot be asked. */
  readonly due: (shards: readonly number[], query: DueQuery) => Promise<readonly DueSession[]>;
}

export const KEFU = { role: 'system', id: 'kefu' } as const;

/** Milliseconds from the end of one look to the beginning of the next. */
export const LOOK_EVERY_MS = 1_000;
/** The same when the views could not be asked. */
const RETRY_MS = 5_000;
/** Milliseconds that the assistant has for a question it finds when a session wakes up, though its time is over. */
export const GRACE_MS = 5_000;
/** Sessions read from the views at once. */
const PAGE_MAX = 500;
/** Sessions asked at once. */
const ASKED_MAX = 32;

export class DeadlineKeeper implements Observer {
  readonly #ports: DeadlineKeeperPorts;
  /** Sessions that woke up with a question left over, and when, on the monotonic clock. */
  readonly #woken = new Map<string, number>();
  #cancelLook: () => void = () => undefined;
  #looking: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(ports: DeadlineKeeperPorts) {
    this.#ports = ports;
  }

  start(): void {
    this.#lookIn(LOOK_EVERY_MS);
  }

  /** Resolves when nothing is under way any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelLook();
    await this.#looking;
  }

  activated(ref: SessionRef, state: SessionState): void {
    const key = keyOf(ref);
    if (dueOf(state)?.deadline === 'assistant-reply' && !this.#woken.has(key))
      this.#woken.set(key, this.#ports.world.monotonicMs());
  }

  /** One look at everything that is due by now. Rejects when the views cannot be asked. */
  async look(): Promise<void> {
    const { due, owned, world } = this.#ports;
    const shards = [...owned()];
    const untilMs = world.now();
    const seen = new Set<string>();
    for (let fromMs = 0; !this.#stopped; ) {
      const page = await due(shards, { fromMs, untilMs, limit: PAGE_MAX });
      const fresh = page.filter((ref) => !seen.has(keyOf(ref)));
      for (const ref of fresh) seen.add(keyOf(ref));
      await atMost(ASKED_MAX, fresh, (ref) => this.#meet(ref));
      const last = page.at(-1)?.dueAt;
      if (page.length < PAGE_MAX || last === undefined) break;
      // What cannot be asked right now must not stand before the rest. A whole page of one moment is left to the next look.
      fromMs = Math.max(last, fromMs + 1);
    }
    this.#forgetWoken();
  }

  #lookIn(delayMs: number): void {
    if (this.#stopped) return;
    this.#cancelLook = this.#ports.world.after(delayMs, () => {
      this.#looking = this.look().then(
        () => this.#lookIn(LOOK_EVERY_MS),
        (error: unknown) => {
          this.#ports.world.report('what is due cannot be looked up', { error });
          this.#lookIn(RETRY_MS);
        },
      );
    });
  }

  async #meet(ref: SessionRef): Promise<void> {
    const { log, owned, supervisor, world } = this.#ports;
    if (this.#stopped || !owned().has(shardOf(ref.session, log.shards))) return;
    // A session that cannot be read now, or refuses because it has moved on, is found again as long as something is due.
    const state = await supervisor.state(ref);
    if (isLeft(state)) return;
    const due = dueOf(state.right);
    if (due === undefined || due.dueAt > world.now() || this.#isLeftToTheAssistant(ref, state.right, due)) return;
    const { deadline, dueAt } = due;
    const command = { type: 'MeetDeadline', deadline, dueAt } as const;
    await supervisor.ask(ref, { by: KEFU, clientId: `${deadline}-${dueAt}`, command });
  }

  /** Whether the assistant has only just seen the question, because nobody was there when it was due. */
  #isLeftToTheAssistant(ref: SessionRef, state: SessionState, { deadline }: Due): boolean {
    const wokenAt = this.#woken.get(keyOf(ref));
    if (deadline !== 'assistant-reply' || wokenAt === undefined) return false;
    const graceMs = Math.min(GRACE_MS, contextOf(state).pace?.policy.assistantReplyMs ?? 0);
    return this.#ports.world.monotonicMs() - wokenAt < graceMs;
  }

  #forgetWoken(): void {
    const now = this.#ports.world.monotonicMs();
    for (const [key, wokenAt] of this.#woken) if (now - wokenAt >= GRACE_MS) this.#woken.delete(key);
  }
}

const keyOf = ({ tenant, session }: SessionRef): string => `${tenant}/${session}`;

/** Does the work for all, for so many at a time. */
const atMost = async <A>(width: number, all: readonly A[], work: (each: A) => Promise<void>): Promise<void> => {
  const left = all.values();
  const worker = async (): Promise<void> => {
    for (const each of left) await work(each);
  };
  await Promise.all(Array.from({ length: Math.min(width, all.length) }, worker));
};
