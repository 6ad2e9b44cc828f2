/** Everyone who watches the inbox, told of every change after it is in the views. */
import { closeCodes, type SessionView } from '../../../events/frames.ts';
import type { SessionRow } from '../../../projections/session-row.ts';
import { matches } from '../../../projections/view-store.ts';
import type { Relay } from '../../cluster/relay.ts';
import { viewFor } from '../http/access.ts';
import type { Connection } from './connection.ts';

export interface Watch {
  readonly id: string;
  readonly connection: Connection;
  readonly status: SessionView['status'] | undefined;
  readonly assignee: string | undefined;
  /** Until its first rows are all told, the newest seq told of each: a row that was read before a change must not undo it. */
  told: Map<string, number> | undefined;
}

interface Change {
  readonly before?: SessionRow | undefined;
  readonly after: SessionRow;
}

export class InboxHub {
  readonly #relay: Relay;
  /** By tenant, so that one tenant's traffic costs another nothing. */
  readonly #watches = new Map<string, Set<Watch>>();
  /** Ends listening to the other processes, by tenant. */
  readonly #deaf = new Map<string, () => void>();

  constructor(relay: Relay) {
    this.#relay = relay;
    relay.onGap(() => this.#comeBack());
  }

  add(watch: Watch): void {
    const { tenant } = watch.connection.principal;
    const watches = this.#watches.get(tenant);
    if (watches !== undefined) {
      watches.add(watch);
      return;
    }
    this.#watches.set(tenant, new Set([watch]));
    this.#deaf.set(
      tenant,
      this.#relay.hear<Change>(topicOf(tenant), (change) => this.#tell(change)),
    );
  }

  /** Ends one watch of a connection, or all of them. */
  remove(connection: Connection, id?: string): void {
    const { tenant } = connection.principal;
    const watches = this.#watches.get(tenant);
    if (watches === undefined) return;
    for (const watch of watches)
      if (watch.connection === connection && (id === undefined || watch.id === id)) watches.delete(watch);
    if (watches.size > 0) return;
    this.#watches.delete(tenant);
    this.#deaf.get(tenant)?.();
    this.#deaf.delete(tenant);
  }

  /** A row that this process has written. */
  changed(before: SessionRow | undefined, after: SessionRow): void {
    this.#tell({ before, after });
    this.#relay.tell(topicOf(after.tenant), { before, after });
  }

  #tell({ before, after }: Change): void {
    const watches = this.#watches.get(after.tenant);
    if (watches === undefined) return;
    for (const watch of watches)
      if (isIn(watch, after) || (before !== undefined && isIn(watch, before))) tell(watch, after);
  }

  /** Changes may have been missed: whoever watches comes back and is told everything anew. */
  #comeBack(): void {
    const connections = new Set(
      [...this.#watches.values()].flatMap((watches) => [...watches].map((each) => each.connection)),
    );
    for (const connection of connections) connection.close(closeCodes.restarting, 'the inbox may have missed a change');
  }
}

const topicOf = (tenant: string): string => `inbox.${tenant}`;

export const tell = ({ connection, id, told }: Watch, row: SessionRow): void => {
  if ((told?.get(row.session) ?? 0) >= row.seq) return;
  told?.set(row.session, row.seq);
  connection.send({ type: 'inbox', id, ...viewFor(connection.principal, row) });
};

const isIn = ({ connection, status, assignee }: Watch, row: SessionRow): boolean =>
  matches(row, {
    tenant: connection.principal.tenant,
    limit: 1,
    ...(status === undefined ? {} : { status }),
    ...(assignee === undefined ? {} : { assignee }),
  });
