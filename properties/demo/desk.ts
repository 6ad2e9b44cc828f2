/** Which agents take a waiting session: those who have the least to do. */

export class Desk {
  readonly #load: number[];
  readonly #rivalEvery: number;
  readonly #takers = new Map<string, readonly number[]>();

  /** Every `rivalEvery`th session two agents go for at once, and the server decides between them; 0 for none. */
  constructor(agents: number, rivalEvery: number) {
    this.#load = Array.from({ length: agents }, () => 0);
    this.#rivalEvery = rivalEvery;
  }

  /** Whether this agent is to claim the session. The answer for a session does not change. */
  isFor(agent: number, session: string): boolean {
    let takers = this.#takers.get(session);
    if (takers === undefined) {
      const isContested = this.#rivalEvery > 0 && this.#takers.size % this.#rivalEvery === this.#rivalEvery - 1;
      takers = this.#idlest(isContested ? 2 : 1);
      for (const taker of takers) this.#add(taker, 1);
      this.#takers.set(session, takers);
    }
    return takers.includes(agent);
  }

  /** The agent has one session less. */
  isDone(agent: number): void {
    this.#add(agent, -1);
  }

  #idlest(count: number): readonly number[] {
    const agents = [...this.#load.keys()];
    return agents.sort((a, b) => (this.#load[a] ?? 0) - (this.#load[b] ?? 0) || a - b).slice(0, count);
  }

  #add(agent: number, change: number): void {
    this.#load[agent] = (this.#load[agent] ?? 0) + change;
  }
}
