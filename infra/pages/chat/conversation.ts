/** One session on screen: its transcript, who is writing, and what one has written oneself. */
import type { NamedCommand } from '../../../events/commands.ts';
import type { Status } from '../../../events/names.ts';
import {
  type Ack,
  type Ambient,
  type Delta,
  type Joined,
  type KefuClient,
  type KefuRefusal,
  realAmbient,
  type SessionEvent,
  type SessionHandle,
  type SessionListener,
  type Typing,
} from '../../client/index.ts';
import { type Outgoing, withoutShown } from './outgoing.ts';
import { Store } from './store.ts';
import { type Author, Transcript } from './transcript.ts';

/** Messages in one page of older ones. */
const OLDER_LIMIT = 50;
/** Whoever is not heard of any more has stopped writing, in milliseconds. */
const TYPING_LASTS_MS = 6_000;

export interface ConversationOptions {
  readonly client: KefuClient;
  readonly session: string;
  readonly me: Author;
  /** Only what comes after this seq is shown at first; older pages are loaded when asked for. */
  readonly after: number;
  readonly assignee?: string | null;
  readonly ambient?: Ambient;
}

export class Conversation extends Store {
  readonly session: string;
  readonly transcript = new Transcript();
  outgoing: readonly Outgoing[] = [];
  assignee: string | null;
  /** Others who are writing. */
  typing: readonly Author[] = [];
  /** The assistant's answer while it is being written. */
  delta = '';
  /** Whether the server has said how things stand. */
  joined = false;
  /** Why there is nothing to see. */
  refusal: KefuRefusal | undefined;
  /** Whether there may be older messages than those shown. */
  hasOlder: boolean;
  loadingOlder = false;
  readonly #me: Author;
  readonly #ambient: Ambient;
  readonly #handle: SessionHandle;
  readonly #typingEnds = new Map<string, () => void>();
  #keys = 0;

  constructor({ client, session, me, after, assignee = null, ambient = realAmbient }: ConversationOptions) {
    super();
    this.session = session;
    this.assignee = assignee;
    this.hasOlder = after > 0;
    this.#me = me;
    this.#ambient = ambient;
    const listener: SessionListener = {
      onEvent: (event) => this.#happened(event),
      onTyping: (typing) => this.#typed(typing),
      onDelta: (delta) => this.#streamed(delta),
      onJoined: (joined) => this.#joinedAt(joined),
      onRefused: (refusal) => this.#refusedWith(refusal),
    };
    this.#handle = client.join(session, { after, ...listener });
  }

  get status(): Status | undefined {
    return this.#handle.status;
  }

  say(text: string): void {
    this.#write('message', text, () => this.#handle.say(text));
  }

  /** Chooses one of the questions that the assistant offered. Rejects when that was refused. */
  async choose(offer: number, entry: string): Promise<void> {
    await this.#handle.do({ type: 'ChooseAnswer', offer, entry });
  }

  note(text: string): void {
    this.#write('note', text, () => this.#handle.do({ type: 'AddNote', text }));
  }

  /** Writes anew what could not be sent. */
  retry({ key, kind, text }: Outgoing): void {
    this.discard(key);
    if (kind === 'note') this.note(text);
    else this.say(text);
  }

  discard(key: number): void {
    this.outgoing = this.outgoing.filter((entry) => entry.key !== key);
    this.changed();
  }

  do(command: NamedCommand): Promise<Ack> {
    return this.#handle.do(command);
  }

  signalTyping(on: boolean): void {
    this.#handle.typing(on);
  }

  /** Everything there is to read has been seen. A receipt that cannot be stored is no loss. */
  markRead(): void {
    const newest = this.transcript.newestNotBy(this.#me.role);
    const { readByVisitor, readByStaff } = this.transcript;
    if (newest > (this.#me.role === 'visitor' ? readByVisitor : readByStaff))
      this.#handle.markRead(newest).catch(() => undefined);
  }

  async loadOlder(): Promise<void> {
    const oldest = this.transcript.lines[0]?.seq ?? this.#handle.lastSeq + 1;
    if (!this.hasOlder || this.loadingOlder || oldest <= 1) return;
    this.loadingOlder = true;
    this.changed();
    try {
      const { messages, next } = await this.#handle.history({ before: oldest, limit: OLDER_LIMIT });
      this.transcript.takeHistory(messages);
      this.hasOlder = next !== null && messages.length > 0;
    } catch {
      // The next look upwards tries again.
    } finally {
      this.loadingOlder = false;
      this.changed();
    }
  }

  leave(): void {
    for (const cancel of this.#typingEnds.values()) cancel();
    this.#handle.leave();
  }

  #write(kind: Outgoing['kind'], text: string, send: () => Promise<Ack>): void {
    this.#keys += 1;
    const key = this.#keys;
    this.outgoing = [...this.outgoing, { key, kind, text, state: 'pending' }];
    this.changed();
    send().then(
      ({ seq }) => this.#acked(key, seq),
      (error: unknown) => this.#amend(key, (entry) => ({ ...entry, state: 'failed', error })),
    );
  }

  #acked(key: number, seq: number): void {
    if (this.#handle.lastSeq >= seq) this.discard(key);
    else this.#amend(key, (entry) => ({ ...entry, state: 'sent', seq }));
  }

  #amend(key: number, amended: (entry: Outgoing) => Outgoing): void {
    this.outgoing = this.outgoing.map((entry) => (entry.key === key ? amended(entry) : entry));
    this.changed();
  }

  #happened(each: SessionEvent): void {
    const { event } = each;
    this.transcript.take(each);
    this.outgoing = withoutShown(this.outgoing, each, this.#me);
    if (event.type === 'SessionAssigned') this.assignee = event.agent;
    else if (event.type === 'SessionTransferred') this.assignee = event.to;
    else if (event.type === 'SessionReleased' || event.type === 'SessionReopened') this.assignee = null;
    if (event.type === 'MessagePosted') {
      this.#stopsTyping(event.author);
      // The answer is here, or will be another one.
      this.delta = '';
    }
    if (event.type === 'ChoicesOffered') this.delta = '';
    if (this.status !== 'assistant') this.delta = '';
    this.changed();
  }

  #typed({ on, author }: Typing): void {
    this.#stopsTyping(author);
    if (on) {
      this.typing = [...this.typing, author];
      const end = this.#ambient.later(TYPING_LASTS_MS, () => this.#stopsTyping(author));
      this.#typingEnds.set(nameOf(author), end);
    }
    this.changed();
  }

  #stopsTyping(author: Author): void {
    this.#typingEnds.get(nameOf(author))?.();
    this.#typingEnds.delete(nameOf(author));
    this.typing = this.typing.filter((each) => nameOf(each) !== nameOf(author));
    this.changed();
  }

  /** A piece that does not fit to what is shown belongs to an answer whose beginning was missed: the message will tell it. */
  #streamed({ text, offset = this.delta.length }: Delta): void {
    if (offset > this.delta.length) return;
    this.delta = this.delta.slice(0, offset) + text;
    this.changed();
  }

  #joinedAt({ recovered, from }: Joined): void {
    this.joined = true;
    this.refusal = undefined;
    this.delta = '';
    if (!recovered) {
      this.transcript.clear();
      this.hasOlder = from > 1;
    }
    this.changed();
  }

  #refusedWith(refusal: KefuRefusal): void {
    this.refusal = refusal;
    this.changed();
  }
}

const nameOf = ({ role, id }: Author): string => `${role}/${id}`;
