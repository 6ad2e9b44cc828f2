/**
 * Visitors with a socket each who come, open their session, and stay without a word. Who has lost the socket comes back and
 * joins the session where it was left.
 */
import type { Askers } from './drive.ts';
import { type Gate, tokenFor } from './gate.ts';
import { Ledger, type Stage } from './ledger.ts';
import { Peer } from './peer.ts';

interface Dweller {
  peer: Peer;
  readonly token: string;
  readonly session: string;
}

/** On the socket, and in the session. */
const STAGES: readonly Stage[] = ['acked', 'delivered'];
/** Connections that are being made at the same time, about half of what a listening socket keeps waiting. */
const CONNECTING_MAX = 2_000;
/** What each of them has seen before the socket was lost: the session's opening. */
const SEEN_SEQ = 1;

export class Dwellers implements Askers {
  readonly failures: string[] = [];
  ledger = new Ledger(0, STAGES);
  readonly #gate: Gate;
  readonly #dwellers: (Dweller | undefined)[] = [];
  readonly #outside: (() => Promise<void>)[] = [];
  #connecting = 0;

  constructor(gate: Gate) {
    this.#gate = gate;
  }

  ask(asker: number, meantMs: number, nowMs: number): boolean {
    const index = this.ledger.ask(asker, meantMs, nowMs);
    this.#outside.push(() => this.#come(asker, index));
    this.#letIn();
    return false;
  }

  flush(): void {
    // Whoever asks has gone to connect already.
  }

  turnPage(): void {
    this.ledger = new Ledger(this.ledger.first + this.ledger.asked, STAGES);
  }

  /** Everybody loses the socket at once, without a word. */
  drop(): void {
    for (const dweller of this.#dwellers) dweller?.peer.leave();
  }

  leave(): void {
    this.drop();
  }

  #letIn(): void {
    while (this.#connecting < CONNECTING_MAX) {
      const next = this.#outside.shift();
      if (next === undefined) return;
      this.#connecting += 1;
      next()
        .catch((error: unknown) => void this.failures.push(error instanceof Error ? error.message : String(error)))
        .finally(() => {
          this.#connecting -= 1;
          this.#letIn();
        });
    }
  }

  async #come(asker: number, index: number): Promise<void> {
    const before = this.#dwellers[asker];
    const token = before?.token ?? tokenFor(this.#gate, 'visitor', `visitor-${asker}`);
    const peer = new Peer({ failed: (why) => void this.failures.push(why) });
    await peer.enter(this.#gate, token);
    this.ledger.mark('acked', index, performance.now());
    if (before === undefined) {
      const joined = peer.ask({ type: 'open', id: `open-${asker}` }, 'joined');
      const { session } = (await joined) as { readonly session: string };
      this.#dwellers[asker] = { peer, token, session };
    } else {
      before.peer = peer;
      const joined = await peer.ask({ type: 'join', id: 'join', session: before.session, after: SEEN_SEQ }, 'joined');
      if (!('recovered' in joined) || !joined.recovered) throw new Error(`${before.session} was not recovered`);
    }
    this.ledger.mark('delivered', index, performance.now());
  }
}
