/** Agents who join sessions of the past, many on each socket: what everybody does after a failover. */
import type { Askers } from './drive.ts';
import { type Gate, tokenFor } from './gate.ts';
import { Ledger, type Stage } from './ledger.ts';
import { Peer } from './peer.ts';
import { textFrame } from './websocket.ts';

export interface JoinersOrder extends Gate {
  readonly sockets: number;
  readonly sessions: readonly string[];
  /** The newest seq of each session: everything is seen already, and only what comes next is wanted. */
  readonly seq: number;
}

const STAGES: readonly Stage[] = ['acked'];

export class Joiners implements Askers {
  readonly failures: string[] = [];
  ledger = new Ledger(0, STAGES);
  readonly #order: JoinersOrder;
  readonly #peers: Peer[] = [];

  constructor(order: JoinersOrder) {
    this.#order = order;
  }

  async enter(): Promise<void> {
    for (let socket = 0; socket < this.#order.sockets; socket++) {
      const peer = new Peer({
        joined: (index) => this.ledger.mark('acked', index, performance.now()),
        failed: (why) => void this.failures.push(why),
      });
      await peer.enter(this.#order, tokenFor(this.#order, 'agent', `agent-${socket}`));
      this.#peers.push(peer);
    }
  }

  /** The asker's number is the session's. */
  ask(asker: number, meantMs: number, nowMs: number): boolean {
    const { sessions, seq } = this.#order;
    const index = this.ledger.ask(asker, meantMs, nowMs);
    const frame = `{"type":"join","id":"${index}","session":"${sessions[asker] ?? ''}","after":${seq}}`;
    return this.#socketOf(asker)?.queue(textFrame(frame)) ?? false;
  }

  flush(asker: number): void {
    this.#socketOf(asker)?.flush();
  }

  turnPage(): void {
    this.ledger = new Ledger(this.ledger.first + this.ledger.asked, STAGES);
  }

  leave(): void {
    for (const peer of this.#peers) peer.leave();
  }

  #socketOf(asker: number): Peer['socket'] | undefined {
    return this.#peers[asker % this.#peers.length]?.socket;
  }
}
