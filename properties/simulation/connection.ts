/** A socket between a client and one life of a process: frames in order in both directions, until either end lets go. */
import { type Attachment, attach } from '../../actors/attach.ts';
import type { Ask } from '../../actors/decide.ts';
import type { Answer } from '../../actors/session-actor.ts';
import type { Stored } from '../../events/commit.ts';
import type { Person } from '../../events/facts.ts';
import type { SessionRef } from '../../events/names.ts';
import type { Refusal } from '../../events/refusals.ts';
import type { Ground } from './ground.ts';
import type { Owner } from './scheduler.ts';
import type { Life } from './simulated-process.ts';

/** The client's end. */
export interface Receiver {
  joined(attachment: Attachment): void;
  notJoined(refusal: Refusal): void;
  events(commits: readonly Stored[], afterSeq: number): void;
  /** Nothing comes any more; not called for whoever closes it. */
  closed(connection: Connection): void;
}

/** How often a frame that was on its way when the socket broke arrives all the same. */
const ARRIVES_THOUGH_BROKEN = 0.5;
const SLOW_MS_MAX = 500;

export class Connection {
  readonly life: Life;
  readonly #ground: Ground;
  readonly #client: Owner;
  readonly #receiver: Receiver;
  readonly #mourner = (): void => this.#break();
  readonly #up: (() => void)[] = [];
  readonly #down: (() => void)[] = [];
  #attachment: Attachment | undefined;
  #isOpen = true;

  constructor(ground: Ground, client: Owner, life: Life, receiver: Receiver) {
    this.#ground = ground;
    this.#client = client;
    this.life = life;
    this.#receiver = receiver;
    life.mourners.add(this.#mourner);
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Sends a command; the answer comes if the socket lives long enough. */
  send(ref: SessionRef, ask: Ask, answered: (answer: Answer) => void): void {
    this.#sendUp(() => {
      this.life.sessions.submit(ref, ask, (answer) => {
        if (answer === 'not-owner') this.#break();
        else this.#sendDown(() => answered(answer));
      });
    });
  }

  join(ref: SessionRef, by: Person, after: number): void {
    this.#sendUp(() => void this.#join(ref, by, after));
  }

  /** The client lets go, or the network between the two breaks. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.life.mourners.delete(this.#mourner);
    this.#attachment?.stop();
  }

  async #join(ref: SessionRef, by: Person, after: number): Promise<void> {
    const { supervisor, sessions, log } = this.life;
    if (!sessions.owns(ref)) {
      this.#break();
      return;
    }
    const attached = await attach(supervisor, log, ref, by, after, {
      take: (commits, afterSeq) => this.#sendDown(() => this.#receiver.events(commits, afterSeq)),
      writable: () => this.#writable(),
      lost: () => this.#break(),
    });
    if (!sessions.owns(ref) || !this.#isOpen) {
      if (attached._tag === 'Right') attached.right.stop();
      this.#break();
      return;
    }
    if (attached._tag === 'Left') {
      this.#sendDown(() => this.#receiver.notJoined(attached.left));
      return;
    }
    this.#attachment?.stop();
    this.#attachment = attached.right;
    this.#sendDown(() => this.#receiver.joined(attached.right));
    attached.right.start();
  }

  async #writable(): Promise<void> {
    const { scheduler, faults, dice } = this.#ground;
    if (faults.strikes('slow reader')) await scheduler.sleep(this.life.owner, dice.between(1, SLOW_MS_MAX));
    await scheduler.turn(this.life.owner);
  }

  #sendUp(frame: () => void): void {
    const { scheduler, wire, dice } = this.#ground;
    this.#up.push(frame);
    void scheduler.turn(wire).then(() => {
      const arrive = this.#up.shift();
      if (this.life.owner.alive && (this.#isOpen || dice.happens(ARRIVES_THOUGH_BROKEN))) arrive?.();
    });
  }

  #sendDown(frame: () => void): void {
    if (!this.#isOpen) return;
    this.#down.push(frame);
    void this.#ground.scheduler.turn(this.#client).then(() => {
      const arrive = this.#down.shift();
      if (this.#isOpen) arrive?.();
    });
  }

  /** The process's end is gone: the client learns so in its turn, and what was on its way to it is lost. */
  #break(): void {
    if (!this.#isOpen) return;
    this.close();
    void this.#ground.scheduler.turn(this.#client).then(() => this.#receiver.closed(this));
  }
}
