/** The sessions of the shards that this process holds. */
import { isLeft } from 'fp-ts/lib/Either.js';
import type { Ask } from '../../actors/decide.ts';
import type { Ownership } from '../../actors/ownership.ts';
import type { Answer } from '../../actors/session-actor.ts';
import type { Supervisor } from '../../actors/supervisor.ts';
import type { SessionRef } from '../../events/names.ts';
import { shardOf } from '../../events/shard.ts';

export type OwnedAnswer = Answer | 'not-owner';

export class OwnedSessions {
  readonly #supervisor: Supervisor;
  readonly #ownership: Ownership;
  readonly #shards: number;

  constructor(supervisor: Supervisor, ownership: Ownership, shards: number) {
    this.#supervisor = supervisor;
    this.#ownership = ownership;
    this.#shards = shards;
  }

  owns(ref: SessionRef): boolean {
    return this.#ownership.owns(shardOf(ref.session, this.#shards));
  }

  /** Calls back exactly once. What was not stored just now is only true while the shard is still held. */
  submit(ref: SessionRef, ask: Ask, answer: (answer: OwnedAnswer) => void): void {
    if (!this.owns(ref)) {
      answer('not-owner');
      return;
    }
    this.#supervisor.submit(ref, ask, (given) => {
      const isStoredNow = !isLeft(given) && !given.right.repeated;
      answer(isStoredNow || this.owns(ref) ? given : 'not-owner');
    });
  }
}
