/** A platform's back end that opens sessions over a few sockets, many on each: acknowledged, and joined by the socket. */
import type { Askers } from './drive.ts';
import { type Gate, tokenFor } from './gate.ts';
import { Ledger, type Stage } from './ledger.ts';
import { Peer } from './peer.ts';
import { textFrame } from './websocket.ts';

export interface OpenersOrder extends Gate {
  readonly sockets: number;
}

/** Joined is when its actor is in memory and the socket follows it. */
const STAGES: readonly Stage[] = ['acked', 'delivered'];

export class Openers implements Askers {
  readonly failures: string[] = [];
  ledger = new Ledger(0, STAGES);
  readonly #order: OpenersOrder;
  readonly #peers: Peer[] = [];

  constructor(order: OpenersOrder) {
    this.#order = order;
  }

  async enter(): Promise<void> {
    for (let socket = 0; socket < this.#order.sockets; socket++) {
      const peer = new Peer({
        acked: (index) => this.ledger.mark('acked', index, performance.now()),
        joined: (index) => this.ledger.mark('delivered', index, performance.now()),
        failed: (why) => void this.failures.push(why),
      });
      await peer.enter(this.#order, tokenFor(this.#order, 'service', `platform-${socket}`));
      this.#peers.push(peer);
    }
  }

  ask(asker: number, meantMs: number, nowMs: number): boolean {
    const index = this.ledger.ask(asker, meantMs, nowMs);
    const frame = `{"type":"open","id":"${index}","visitor":{"id":"customer-${index}","name":"李雷"},"locale":"zh"}`;
    return this.#peers[asker]?.socket.queue(textFrame(frame)) ?? false;
  }

  flush(asker: number): void {
    this.#peers[asker]?.socket.flush();
  }

  turnPage(): void {
    this.ledger = new Ledger(this.ledger.first + this.ledger.asked, STAGES);
  }

  leave(): void {
    for (const peer of this.#peers) peer.leave();
  }
}
