/** Visitors, each with a socket and a session of their own, and agents who hold many sessions on one socket. */
import { type Askers } from './drive.ts';
import { type Gate, tokenFor } from './gate.ts';
import { Ledger, type Stage } from './ledger.ts';
import { Peer } from './peer.ts';
import { sentence } from './sentences.ts';
import { textFrame } from './websocket.ts';

export interface CrowdOrder extends Gate {
  readonly sessions: number;
  readonly sessionsPerAgent: number;
}

interface Visit {
  readonly visitor: Peer;
  readonly session: string;
  /** Numbers of the messages said in it, for sessions that are read back at the end. */
  readonly said: number[];
}

/** Sessions that are set up at the same time. */
const AT_ONCE = 100;
/** Sessions whose every message is remembered, to be compared with history. */
const REMEMBERED = 20;
const FAILURES_KEPT_MAX = 20;
const STAGES: readonly Stage[] = ['acked', 'delivered', 'echoed'];

export class Crowd implements Askers {
  readonly visits: Visit[] = [];
  readonly failures: string[] = [];
  readonly order: CrowdOrder;
  ledger = new Ledger(0, STAGES);
  readonly #agents: Peer[] = [];

  constructor(order: CrowdOrder) {
    this.order = order;
  }

  /** Opens every session, asks for a person in it, and has it claimed. */
  async enter(): Promise<void> {
    const { sessions, sessionsPerAgent } = this.order;
    for (let index = 0; index < Math.ceil(sessions / sessionsPerAgent); index++)
      this.#agents.push(await this.#peer('agent', `agent-${index}`, 'delivered'));
    let next = 0;
    const admit = async (): Promise<void> => {
      for (let index = next++; index < sessions; index = next++) await this.#admit(index);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, admit));
  }

  ask(asker: number, meantMs: number, nowMs: number): boolean {
    const visit = this.visits[asker];
    if (visit === undefined) throw new Error(`there is no session ${asker}`);
    const index = this.ledger.ask(asker, meantMs, nowMs);
    // By hand: nothing in a sentence or an id needs escaping.
    const frame = `{"type":"say","id":"${index}","session":"${visit.session}","text":"${sentence(index)}"}`;
    return visit.visitor.socket.queue(textFrame(frame));
  }

  flush(asker: number): void {
    this.visits[asker]?.visitor.socket.flush();
  }

  turnPage(): void {
    const every = Math.max(1, Math.floor(this.visits.length / REMEMBERED));
    for (const [index, asker] of this.ledger.requests()) if (asker % every === 0) this.visits[asker]?.said.push(index);
    this.ledger = new Ledger(this.ledger.first + this.ledger.asked, STAGES);
  }

  leave(): void {
    for (const peer of [...this.#agents, ...this.visits.map(({ visitor }) => visitor)]) peer.leave();
  }

  async #admit(index: number): Promise<void> {
    const visitor = await this.#peer('visitor', `visitor-${index}`, 'echoed');
    const { session } = (await visitor.ask({ type: 'open', id: `open-${index}` }, 'ack')) as { session: string };
    await visitor.ask({ type: 'do', id: 'handoff', session, command: { type: 'RequestHandoff' } }, 'ack');
    const agent = this.#agents[index % this.#agents.length];
    if (agent === undefined) throw new Error('there is an agent');
    await agent.ask({ type: 'join', id: `join-${index}`, session, after: 0 }, 'joined');
    await agent.ask({ type: 'do', id: `claim-${index}`, session, command: { type: 'ClaimSession' } }, 'ack');
    this.visits[index] = { visitor, session, said: [] };
  }

  async #peer(role: 'visitor' | 'agent', name: string, hears: 'delivered' | 'echoed'): Promise<Peer> {
    const peer = new Peer({
      acked: (index) => this.ledger.mark('acked', index, performance.now()),
      posted: (index) => this.ledger.mark(hears, index, performance.now()),
      failed: (why) => {
        if (this.failures.length < FAILURES_KEPT_MAX) this.failures.push(why);
      },
    });
    await peer.enter(this.order, tokenFor(this.order, role, name));
    return peer;
  }
}
