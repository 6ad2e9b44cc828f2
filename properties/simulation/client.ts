/**
 * Somebody in one session: sends commands under ids of their own, again under the same id when no answer came, and
 * follows the session by seq over as many sockets as it takes.
 */
import type { Attachment } from '../../actors/attach.ts';
import type { Answer } from '../../actors/session-actor.ts';
import type { Command } from '../../events/commands.ts';
import type { Stored } from '../../events/commit.ts';
import type { Person } from '../../events/facts.ts';
import type { SessionRef } from '../../events/names.ts';
import type { Refusal } from '../../events/refusals.ts';
import { Connection, type Receiver } from './connection.ts';
import type { Dice } from './dice.ts';
import type { Ground } from './ground.ts';
import type { Attempt, Recorder, Seen, Wish } from './recorder.ts';
import type { Owner } from './scheduler.ts';
import type { Life } from './simulated-process.ts';

export interface ClientParts {
  readonly ground: Ground;
  readonly dice: Dice;
  readonly recorder: Recorder;
  readonly ref: SessionRef;
  readonly by: Person;
  /** Whoever seems to serve the session, if anybody does. */
  readonly route: () => Life | undefined;
  /** Differs between any two times that the process serves the session by right; 0 when it does not. */
  readonly term: (life: Life) => number;
}

const BACKOFF_MS_MAX = 300;
/** Without an answer for so long a client takes the socket for dead. */
const PATIENCE_MS = 8_000;

export class Client implements Receiver {
  readonly owner: Owner;
  readonly #parts: ClientParts;
  readonly #outbox = new Set<Wish>();
  #connection: Connection | undefined;
  #seen: Seen | undefined;
  #isJoined = false;
  #asked = 0;

  constructor(parts: ClientParts, name: string) {
    this.#parts = parts;
    this.owner = { name, alive: true };
  }

  get ref(): SessionRef {
    return this.#parts.ref;
  }

  get by(): Person {
    return this.#parts.by;
  }

  /** Commands without a final answer. */
  get pending(): number {
    return this.#outbox.size;
  }

  get isJoined(): boolean {
    return this.#isJoined;
  }

  /** The newest seq it was shown. */
  get seenSeq(): number {
    return this.#seen === undefined ? 0 : this.#seen.from + this.#seen.facts.length - 1;
  }

  want(command: Command): void {
    this.#asked += 1;
    const ask = { by: this.by, clientId: `${this.owner.name}-${this.#asked}`, command };
    const wish: Wish = { session: this.ref.session, ask, attempts: [] };
    this.#parts.recorder.wishes.push(wish);
    this.#outbox.add(wish);
    this.#attempt(wish);
    if (this.#parts.ground.faults.strikes('repeated frame')) this.#attempt(wish);
  }

  /** Asks once more what was answered before, as a client does that has lost its memory of the answer. */
  repeat(): void {
    const done = this.#parts.recorder.wishes.filter(
      ({ ask, told }) => told?._tag === 'Right' && ask.by === this.by && ask.clientId.startsWith(`${this.owner.name}-`),
    );
    if (done.length === 0) return;
    const wish = this.#parts.dice.pick(done);
    this.#outbox.add(wish);
    this.#attempt(wish);
  }

  /** Opens a socket if there is none. */
  connect(): void {
    if (this.#connection?.isOpen === true) return;
    const life = this.#parts.route();
    if (life === undefined) {
      this.#reconnectLater();
      return;
    }
    this.#parts.ground.tell(() => `${this.owner.name} connects to ${life.owner.name}`);
    this.#connection = new Connection(this.#parts.ground, this.owner, life, this);
    for (const wish of this.#outbox) this.#attempt(wish);
    this.#connection.join(this.ref, this.by, this.seenSeq);
  }

  /** Breaks the socket, and forgets all that was seen if it says so. */
  disconnect(forgets: boolean): void {
    this.#connection?.close();
    this.#isJoined = false;
    if (forgets) this.#seen = undefined;
    this.#reconnectLater();
  }

  joined({ seq, from, recovered }: Attachment): void {
    const { recorder, ground } = this.#parts;
    const life = this.#connection?.life;
    if (life === undefined) return;
    ground.tell(() => `${this.owner.name} joins at ${seq}, from ${from}`);
    if (this.#seen === undefined || !recovered) {
      if (!recovered && this.#parts.term(life) > 0)
        ground.violated(
          'a reader sees every fact once and in order',
          `${this.owner.name} had ${this.seenSeq}, but ${life.owner.name} can only give from ${from}, and has ${seq}`,
        );
      this.#seen = { session: this.ref.session, reader: this.owner.name, from, facts: [] };
      recorder.seen.push(this.#seen);
    }
    this.#isJoined = true;
  }

  notJoined(refusal: Refusal): void {
    if (refusal._tag !== 'Unavailable' && refusal._tag !== 'UnknownSession') return;
    const connection = this.#connection;
    this.#later(() => {
      if (connection === this.#connection && connection?.isOpen === true)
        connection.join(this.ref, this.by, this.seenSeq);
    });
  }

  events(commits: readonly Stored[], afterSeq: number): void {
    const seen = this.#seen;
    if (seen === undefined) return;
    const law = 'a reader sees every fact once and in order';
    for (const { commit } of commits)
      commit.events.forEach((fact, index) => {
        const seq = commit.seq + index;
        if (seq <= afterSeq) return;
        if (seq !== this.seenSeq + 1)
          this.#parts.ground.violated(law, `${this.owner.name} got seq ${seq} after ${this.seenSeq}`);
        // As it would arrive: what a process has just decided is an object of its own kind.
        else seen.facts.push({ ...fact });
      });
  }

  closed(connection: Connection): void {
    // It may be long since this one was given up for another.
    if (connection !== this.#connection) return;
    this.#isJoined = false;
    this.#reconnectLater();
  }

  #attempt(wish: Wish): void {
    const connection = this.#connection;
    if (connection?.isOpen !== true) return;
    const { ground, term } = this.#parts;
    const { life } = connection;
    const sentIn = term(life);
    const attempt: Attempt = {
      sentAt: ground.scheduler.turns,
      servedBy: life.owner.name,
      mayBeOld: sentIn === 0,
    };
    wish.attempts.push(attempt);
    ground.tell(() => `${this.owner.name} sends ${wish.ask.clientId} ${wish.ask.command.type} to ${life.owner.name}`);
    const giveUp = ground.scheduler.after(this.owner, PATIENCE_MS, () => {
      if (connection === this.#connection && connection.isOpen) this.disconnect(false);
    });
    connection.send(this.ref, wish.ask, (answer) => {
      giveUp();
      this.#answered(wish, attempt, answer, term(life) !== sentIn);
    });
  }

  #answered(wish: Wish, attempt: Attempt, answer: Answer, mayBeOld: boolean): void {
    const { ground } = this.#parts;
    attempt.answer = answer;
    attempt.answeredAt = ground.scheduler.turns;
    attempt.mayBeOld ||= mayBeOld;
    ground.tell(() => `${this.owner.name} hears of ${wish.ask.clientId}: ${sayAnswer(answer)}`);
    if (answer._tag === 'Left' && answer.left._tag === 'Unavailable') {
      if (!this.#outbox.has(wish)) return;
      this.#later(() => {
        if (this.#outbox.has(wish)) this.#attempt(wish);
      });
      return;
    }
    wish.told ??= answer;
    this.#outbox.delete(wish);
  }

  #reconnectLater(): void {
    this.#later(() => this.connect());
  }

  #later(act: () => void): void {
    this.#parts.ground.scheduler.after(this.owner, this.#parts.dice.between(1, BACKOFF_MS_MAX), act);
  }
}

const sayAnswer = (answer: Answer): string =>
  answer._tag === 'Left' ? sayRefusal(answer.left) : `seq ${answer.right.seq}${answer.right.repeated ? ', again' : ''}`;

const sayRefusal = (refusal: Refusal): string =>
  refusal._tag === 'Unavailable' ? `${refusal._tag} (${refusal.why})` : refusal._tag;
