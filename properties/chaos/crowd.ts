/** Visitors and agents on real sockets: some who talk through all that happens, and newcomers in the middle of it. */
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Ambient, connectKefu, type KefuClient, realAmbient } from '../../infra/client/index.ts';
import { Badges } from '../demo/badges.ts';
import type { Chance } from '../demo/chance.ts';
import type { Ground } from './ground.ts';
import { Party } from './party.ts';
import { Wire } from './wire.ts';

export interface Conversation {
  readonly visitor: Party;
  /** `undefined` where only the assistant answers. */
  readonly agent: Party | undefined;
}

/** Sessions of one agent, all over one socket. */
const SESSIONS_PER_AGENT = 5;
const SETTLE_WITHIN_MS = 90_000;
const LOOK_EVERY_MS = 20;
/** Messages of one side that are sent one after the other without a pause. */
const BURST = 5;

/** Nobody waits long before reconnecting, so that a fault is missed for as long as it lasts and no longer. */
const eager: Ambient = { ...realAmbient, random: () => Math.random() / 10 };

export class Crowd {
  readonly badges: Badges;
  readonly conversations: Conversation[] = [];
  readonly wires: Wire[] = [];
  /** Newcomers whose session could not be opened, and why. */
  readonly turnedAway: string[] = [];
  readonly #ground: Ground;
  readonly #chance: Chance;
  readonly #clients: KefuClient[] = [];
  readonly #ending = new AbortController();
  readonly #talks: Promise<void>[] = [];
  #newcomers = 0;

  constructor(ground: Ground, tenant: string, chance: Chance) {
    // Everybody who talks listens to it.
    setMaxListeners(0, this.#ending.signal);
    this.#ground = ground;
    this.#chance = chance;
    this.badges = new Badges(ground.secret, tenant);
  }

  /** Opens so many sessions, each claimed by an agent, and lets everybody talk, a message about every `thinkMs`. */
  async enter(sessions: number, thinkMs: number): Promise<void> {
    const agents: { readonly client: KefuClient; readonly wire: Wire }[] = [];
    for (let index = 0; index < Math.ceil(sessions / SESSIONS_PER_AGENT); index++)
      agents.push(this.#connect('agent', `agent-${index + 1}`, index + 1));
    await Promise.all(
      Array.from({ length: sessions }, async (_, index) => {
        const one = this.#connect('visitor', `visitor-${index + 1}`, index);
        const visitor = new Party(`visitor-${index + 1}`, false, one.wire);
        visitor.joined(await one.client.open({ onEvent: visitor.onEvent }));
        await visitor.handle.do({ type: 'RequestHandoff' });
        const other = agents[index % agents.length];
        if (other === undefined) throw new Error('there is an agent');
        const agent = new Party(`${other.wire.name} in ${index + 1}`, true, other.wire);
        agent.joined(other.client.join(visitor.session, { onEvent: agent.onEvent }));
        await agent.handle.do({ type: 'ClaimSession' });
        this.conversations.push({ visitor, agent });
        for (const party of [visitor, agent]) this.#talks.push(party.talk(this.#ending.signal, this.#chance, thinkMs));
      }),
    );
  }

  /** Somebody new opens a session, says a few things to the assistant, and is never heard of again. */
  async newcomer(): Promise<void> {
    this.#newcomers += 1;
    const name = `newcomer-${this.#newcomers}`;
    const { client, wire } = this.#connect('visitor', name, this.#newcomers);
    const visitor = new Party(name, false, wire);
    try {
      visitor.joined(await client.open({ onEvent: visitor.onEvent }));
    } catch (error) {
      this.turnedAway.push(`${name}: ${String(error)}`);
      return;
    }
    this.conversations.push({ visitor, agent: undefined });
    for (let count = 0; count < 3; count++) await visitor.say();
  }

  /** Everybody says several things at once, so that a strike finds something under way at every stage of its way. */
  burst(): void {
    for (const party of this.parties) for (let count = 0; count < BURST; count++) void party.say();
  }

  get acked(): number {
    return this.parties.reduce((sum, { said }) => sum + said.filter(({ outcome }) => outcome === 'acked').length, 0);
  }

  /** Stops talking, and waits until everybody has an answer to everything and has seen what was acknowledged to them. */
  async settle(): Promise<boolean> {
    this.#ending.abort();
    await Promise.all(this.#talks);
    const deadline = performance.now() + SETTLE_WITHIN_MS;
    while (this.unsettled().length > 0) {
      if (performance.now() > deadline) return false;
      await sleep(LOOK_EVERY_MS);
    }
    return true;
  }

  leave(): void {
    this.#ending.abort();
    for (const client of this.#clients) client.close();
  }

  get parties(): readonly Party[] {
    return this.conversations.flatMap(({ visitor, agent }) => (agent === undefined ? [visitor] : [visitor, agent]));
  }

  /** Who still waits for an answer, or has not seen what was acknowledged in their session. */
  unsettled(): readonly string[] {
    return this.conversations.flatMap(({ visitor, agent }) => {
      const parties = agent === undefined ? [visitor] : [visitor, agent];
      const newest = Math.max(...parties.flatMap(({ said }) => said.map(({ ack }) => ack?.seq ?? 0)));
      return parties
        .filter(({ waiting, handle }) => waiting > 0 || handle.lastSeq < newest)
        .map(({ name, session, waiting, handle: { lastSeq } }) => {
          const seen = `has seen up to ${lastSeq} of ${newest}`;
          return `${session}: ${name} waits for ${waiting} answers and ${seen}`;
        });
    });
  }

  #connect(
    role: 'visitor' | 'agent',
    name: string,
    index: number,
  ): { readonly client: KefuClient; readonly wire: Wire } {
    const { machines } = this.#ground;
    const wire = new Wire(name);
    this.wires.push(wire);
    const url = machines[index % machines.length]?.url ?? '';
    const token = this.badges.tokenFor(role, name);
    const client = connectKefu({ url, token, ambient: eager, WebSocket: wire.Socket });
    this.#clients.push(client);
    return { client, wire };
  }
}
