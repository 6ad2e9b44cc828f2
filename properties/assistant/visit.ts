/** A visitor and an agent in one session, and what comes of a question. */
import type { ServerFrameOf } from '../../events/frames.ts';
import { type Kefu, type Opened, type Person, said, type Tenant } from '../contract/kefu.ts';
import type { SocketClient } from '../contract/socket-client.ts';

type EventFrame = ServerFrameOf<'event'>;

export class Visit {
  readonly opened: Opened;
  readonly agent: Person;
  /** The visitor's socket, and the agent's. */
  readonly visitors: SocketClient;
  readonly agents: SocketClient;

  private constructor(opened: Opened, agent: Person, visitors: SocketClient, agents: SocketClient) {
    this.opened = opened;
    this.agent = agent;
    this.visitors = visitors;
    this.agents = agents;
  }

  static async begin(kefu: Kefu, tenant: Tenant = kefu.tenant(), body: Record<string, unknown> = {}): Promise<Visit> {
    const opened = await tenant.opened(undefined, body);
    const agent = tenant.person('agent');
    const [visitors, agents] = [await opened.visitor.socket(), await agent.socket()];
    for (const socket of [visitors, agents])
      await socket.expect('joined', { type: 'join', session: opened.session, after: 0 });
    return new Visit(opened, agent, visitors, agents);
  }

  get session(): string {
    return this.opened.session;
  }

  async say(text: string): Promise<void> {
    await said(this.opened.visitor, this.opened, text);
  }

  /** The next fact of this type, as staff see it. */
  async fact(type: string, isIt: (event: EventFrame['event']) => boolean = () => true): Promise<EventFrame> {
    return this.agents.next('event', ({ event }) => event.type === type && isIt(event));
  }

  /** The assistant's next message. */
  async answer(): Promise<string> {
    const { event } = await this.fact('MessagePosted', (each) => isBy(each, 'assistant'));
    return String(event['text']);
  }

  /** All facts so far, as they are read over HTTP by staff. */
  async facts(): Promise<readonly (EventFrame['event'] & { readonly seq: number })[]> {
    const { body } = await this.agent.http.get<{ events: (EventFrame['event'] & { seq: number })[] }>(
      this.opened.path('/events?limit=200'),
    );
    return body.events;
  }

  async status(): Promise<string> {
    return (await this.agent.http.get<{ status: string }>(this.opened.path())).body.status;
  }

  /** What the visitor saw of the answer while it was written. */
  get streamed(): string {
    return this.visitors
      .got('delta')
      .reduce((text, delta) => text.slice(0, delta.offset ?? text.length) + delta.text, '');
  }

  close(): void {
    this.visitors.close();
    this.agents.close();
  }
}

export const isBy = (event: EventFrame['event'], role: string): boolean =>
  (event['author'] as { role?: string } | undefined)?.role === role;
