/** The inbox: every session the watches have told of, and what each tab lists. */
import type { SessionView } from '../../../events/frames.ts';

export const tabs = ['queued', 'mine', 'assistant', 'all'] as const;
export type Tab = (typeof tabs)[number];

/** Sessions kept; of more than that, those that have been quiet for longest are forgotten. */
const SESSIONS_MAX = 1_000;

const belongs: Readonly<Record<Tab, (view: SessionView, me: string) => boolean>> = {
  queued: ({ status }) => status === 'queued',
  mine: ({ status, assignee }, me) => status === 'assigned' && assignee === me,
  assistant: ({ status }) => status === 'assistant',
  all: () => true,
};

/** Whoever waits for longest comes first; elsewhere the newest activity does. */
const orders: Readonly<Record<Tab, (a: SessionView, b: SessionView) => number>> = {
  queued: (a, b) => a.openedAt - b.openedAt,
  mine: (a, b) => b.activeAt - a.activeAt,
  assistant: (a, b) => b.activeAt - a.activeAt,
  all: (a, b) => b.activeAt - a.activeAt,
};

export class Inbox {
  readonly #views = new Map<string, SessionView>();
  /** Sessions told of since the watches began anew; what is not among them is out of date. */
  #told: Set<string> | undefined;

  get(session: string): SessionView | undefined {
    return this.#views.get(session);
  }

  take(view: SessionView): void {
    this.#told?.add(view.session);
    const known = this.#views.get(view.session);
    if (known !== undefined && known.seq > view.seq) return;
    this.#views.set(view.session, view);
    if (this.#views.size > SESSIONS_MAX) this.#forgetQuietest();
  }

  /** The watches begin anew. */
  begin(): void {
    this.#told = new Set();
  }

  /** All of them have told what matches. */
  complete(): void {
    const told = this.#told;
    this.#told = undefined;
    if (told === undefined) return;
    for (const session of this.#views.keys()) if (!told.has(session)) this.#views.delete(session);
  }

  list(tab: Tab, me: string): readonly SessionView[] {
    return [...this.#views.values()].filter((view) => belongs[tab](view, me)).sort(orders[tab]);
  }

  /** What a tab's badge says: who waits in the queue, and who of one's own waits for an answer. */
  count(tab: Tab, me: string): number {
    if (tab === 'queued') return this.list(tab, me).length;
    return tab === 'mine' ? this.list(tab, me).filter(({ unanswered }) => unanswered > 0).length : 0;
  }

  #forgetQuietest(): void {
    const [quietest] = [...this.#views.values()].sort((a, b) => a.activeAt - b.activeAt);
    if (quietest !== undefined) this.#views.delete(quietest.session);
  }
}
