/** A visitor's side of a conversation: opened with the first word, found again after a reload. */
import { type ConnectionState, connectKefu, type KefuClient, openAnonymously } from '../../client/index.ts';
import { Conversation } from '../chat/conversation.ts';
import { Store } from '../chat/store.ts';
import { type Identity, keepIdentity, loadIdentity, newIdentity } from './identity.ts';

/** The id that the server gives an anonymous visitor is told by the token. */
const subOf = (token: string): string => {
  try {
    const [, claims = ''] = token.split('.');
    const { sub } = JSON.parse(atob(claims.replaceAll('-', '+').replaceAll('_', '/'))) as { sub?: unknown };
    return typeof sub === 'string' ? sub : '';
  } catch {
    return '';
  }
};

export class Visit extends Store {
  conversation: Conversation | undefined;
  connection: ConnectionState = 'connecting';
  /** Words that wait for the session to be opened. */
  waiting: readonly string[] = [];
  /** Why the session could not be opened. */
  failure: unknown;
  readonly #server: string;
  #identity: Identity;
  #client: KefuClient | undefined;
  #opening = false;
  #unfollow: (() => void) | undefined;

  constructor(server: string) {
    super();
    this.#server = server;
    this.#identity = loadIdentity(server);
    const { session, token } = this.#identity;
    if (session !== undefined && token !== undefined) this.#enter(session, token);
  }

  get rated(): boolean {
    return this.#identity.rated === true;
  }

  say(text: string): void {
    if (this.conversation !== undefined) {
      this.conversation.say(text);
      return;
    }
    this.waiting = [...this.waiting, text];
    this.changed();
    void this.open();
  }

  /** Opens the session, unless that is under way; what waits is said then. */
  async open(): Promise<void> {
    if (this.#opening || this.conversation !== undefined) return;
    this.#opening = true;
    this.failure = undefined;
    this.changed();
    // Kept first: whoever leaves before the answer comes finds the same session.
    this.#remember(this.#identity);
    try {
      const { session, token } = await this.#openAgain();
      this.#remember({ ...this.#identity, session, token });
      const conversation = this.#enter(session, token);
      for (const text of this.waiting) conversation.say(text);
      this.waiting = [];
    } catch (error) {
      this.failure = error;
    } finally {
      this.#opening = false;
      this.changed();
    }
  }

  /** Rejects when the rating was refused. */
  async rate(score: number): Promise<void> {
    await this.conversation?.do({ type: 'RateSession', score });
    this.#remember({ ...this.#identity, rated: true });
    this.changed();
  }

  /** Goes on with a closed conversation, which can then be rated again. Rejects when that was refused. */
  async reopen(): Promise<void> {
    await this.conversation?.do({ type: 'ReopenSession' });
    this.#remember({ ...this.#identity, rated: false });
    this.changed();
  }

  /** Leaves this conversation behind: the next word opens another one. */
  startAnew(): void {
    this.#end();
    this.#remember(newIdentity());
    this.changed();
  }

  /** The same id gives the same session, and a token that is good from now on. */
  #openAgain(): ReturnType<typeof openAnonymously> {
    const { clientId, locale } = this.#identity;
    return openAnonymously({ url: this.#server, clientId, locale });
  }

  #enter(session: string, token: string): Conversation {
    let kept: string | undefined = token;
    const client = connectKefu({
      url: this.#server,
      token: async () => {
        const next = kept ?? (await this.#renewed());
        kept = undefined;
        return next;
      },
    });
    this.#client = client;
    client.onState((state) => {
      this.connection = state;
      this.changed();
    });
    const conversation = new Conversation({ client, session, me: { role: 'visitor', id: subOf(token) }, after: 0 });
    this.conversation = conversation;
    this.#unfollow = conversation.subscribe(() => this.#look(conversation));
    this.changed();
    return conversation;
  }

  async #renewed(): Promise<string> {
    const { session, token } = await this.#openAgain();
    const isSame = session === this.#identity.session;
    this.#remember({ ...this.#identity, session, token });
    // A server that was set up anew does not know the old session, and has opened another.
    if (!isSame) {
      this.#end();
      this.#enter(session, token);
    }
    return token;
  }

  /** A conversation that is not there any more is not waited for. */
  #look({ refusal }: Conversation): void {
    if (refusal?.code === 'not_found' || refusal?.code === 'forbidden') this.startAnew();
    else this.changed();
  }

  #end(): void {
    this.#unfollow?.();
    this.#client?.close();
    this.#client = undefined;
    this.conversation = undefined;
  }

  #remember(identity: Identity): void {
    this.#identity = identity;
    keepIdentity(this.#server, identity);
  }
}
