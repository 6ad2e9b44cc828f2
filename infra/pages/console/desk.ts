/** The agent's desk: the connection, the inbox, and the conversation that lies open. */
import type { NamedCommand } from '../../../events/commands.ts';
import {
  type ConnectionState,
  connectKefu,
  type KefuClient,
  KefuRefusal,
  type WatchQuery,
} from '../../client/index.ts';
import { Conversation } from '../chat/conversation.ts';
import { Store } from '../chat/store.ts';
import type { Standing } from './abilities.ts';
import { type Credentials, checkToken } from './credentials.ts';
import { Inbox, type Tab, tabs } from './inbox.ts';

/** Facts of a session that are shown at first; older messages come page by page. */
const SHOWN_AT_FIRST = 150;
/** The most that the server gives of one watch. */
const WATCH_LIMIT = 200;

export class Desk extends Store {
  readonly me: Credentials;
  readonly inbox = new Inbox();
  tab: Tab = 'queued';
  connection: ConnectionState = 'connecting';
  /** Why one has to sign in anew. */
  signedOut: unknown;
  /** Whether the inbox has been told in full. */
  ready = false;
  conversation: Conversation | undefined;
  /** Why the last thing that was asked for could not be done. */
  failure: unknown;
  /** What was written and not sent, by session. */
  readonly drafts = new Map<string, string>();
  readonly #client: KefuClient;
  /** Watches that are being told what matches already. */
  readonly #beginning = new Set<WatchQuery>();
  #unfollow: (() => void) | undefined;
  #tokenTaken = false;

  constructor(me: Credentials) {
    super();
    this.me = me;
    this.#client = connectKefu({ url: location.origin, token: () => this.#goodToken() });
    this.#client.onState((state, why) => {
      this.connection = state;
      if (why !== undefined && why.why !== 'closed') this.signedOut = why;
      if (state !== 'open') this.#beginning.clear();
      this.changed();
    });
    // The newest of all may leave out someone who has waited for long, and someone of one's own.
    this.#watch({});
    this.#watch({ status: 'queued' });
    this.#watch({ status: 'assistant' });
    this.#watch({ assignee: me.sub });
  }

  /** How the open session stands: its own facts know first, the inbox before any of them has come. */
  get standing(): Standing {
    const { conversation } = this;
    const view = conversation === undefined ? undefined : this.inbox.get(conversation.session);
    return {
      status: conversation?.status ?? view?.status,
      assignee: conversation?.assignee ?? null,
    };
  }

  /** What the composer writes to: the drafts of a session's replies and notes are kept apart. */
  draftKey(isNote: boolean): string {
    return `${this.conversation?.session ?? ''}/${isNote ? 'note' : 'reply'}`;
  }

  showTab(tab: Tab): void {
    this.tab = tab;
    this.changed();
  }

  select(session: string | undefined): void {
    if (session === this.conversation?.session) return;
    this.#unfollow?.();
    this.conversation?.leave();
    this.conversation = session === undefined ? undefined : this.#open(session);
    this.failure = undefined;
    this.changed();
  }

  /** Carries out a command on the open session; a refusal is shown. */
  async do(command: NamedCommand): Promise<boolean> {
    const { conversation } = this;
    this.dismissFailure();
    try {
      await conversation?.do(command);
      // What one has taken is one's own from now on, and is looked for there.
      if (command.type === 'ClaimSession') this.showTab('mine');
      return true;
    } catch (error) {
      if (conversation === this.conversation) this.failure = error;
      this.changed();
      return false;
    }
  }

  dismissFailure(): void {
    this.failure = undefined;
    this.changed();
  }

  close(): void {
    this.#unfollow?.();
    this.#client.close();
  }

  /** Asked for again when a connection did not come about: a browser is not told that its token was the reason. */
  async #goodToken(): Promise<string> {
    if (this.#tokenTaken) await this.#checkToken();
    this.#tokenTaken = true;
    return this.me.token;
  }

  async #checkToken(): Promise<void> {
    try {
      await checkToken(this.me.token);
    } catch (error) {
      if (error instanceof KefuRefusal && error.code === 'unauthenticated') {
        this.signedOut = error;
        this.#client.close();
        this.changed();
      }
      throw error;
    }
  }

  #open(session: string): Conversation {
    const view = this.inbox.get(session);
    const conversation = new Conversation({
      client: this.#client,
      session,
      me: { role: this.me.role, id: this.me.sub },
      after: Math.max(0, (view?.seq ?? 0) - SHOWN_AT_FIRST),
      assignee: view?.assignee ?? null,
    });
    this.#unfollow = conversation.subscribe(() => this.changed());
    return conversation;
  }

  #watch(query: WatchQuery): void {
    this.#client.watch(
      { ...query, limit: WATCH_LIMIT },
      {
        onBegin: () => {
          if (this.#beginning.size === 0) this.inbox.begin();
          this.#beginning.add(query);
        },
        onSession: (view) => {
          this.inbox.take(view);
          this.changed();
        },
        onWatching: () => {
          this.#beginning.delete(query);
          if (this.#beginning.size === 0) this.#inboxTold();
        },
        onRefused: (refusal) => {
          this.failure = refusal;
          this.changed();
        },
      },
    );
  }

  #inboxTold(): void {
    this.inbox.complete();
    if (!this.ready) this.tab = tabs.find((tab) => this.inbox.list(tab, this.me.sub).length > 0) ?? 'queued';
    this.ready = true;
    this.changed();
  }
}
