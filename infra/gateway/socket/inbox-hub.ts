/** Everyone who watches the inbox, told of every change after it is in the views. */
import type { SessionView } from '../../../events/frames.ts';
import type { SessionRow } from '../../../projections/session-row.ts';
import { matches } from '../../../projections/view-store.ts';
import { viewFor } from '../http/access.ts';
import type { Connection } from './connection.ts';

export interface Watch {
  readonly id: string;
  readonly connection: Connection;
  readonly status: SessionView['status'] | undefined;
  readonly assignee: string | undefined;
}

export class InboxHub {
  /** By tenant, so that one tenant's traffic costs another nothing. */
  readonly #watches = new Map<string, Set<Watch>>();

  add(watch: Watch): void {
    const { tenant } = watch.connection.principal;
    const watches = this.#watches.get(tenant);
    if (watches === undefined) this.#watches.set(tenant, new Set([watch]));
    else watches.add(watch);
  }

  /** Ends one watch of a connection, or all of them. */
  remove(connection: Connection, id?: string): void {
    const { tenant } = connection.principal;
    const watches = this.#watches.get(tenant);
    if (watches === undefined) return;
    for (const watch of watches)
      if (watch.connection === connection && (id === undefined || watch.id === id)) watches.delete(watch);
    if (watches.size === 0) this.#watches.delete(tenant);
  }

  changed(before: SessionRow | undefined, after: SessionRow): void {
    const watches = this.#watches.get(after.tenant);
    if (watches === undefined) return;
    for (const watch of watches)
      if (isIn(watch, after) || (before !== undefined && isIn(watch, before))) tell(watch, after);
  }
}

export const tell = ({ connection, id }: Watch, row: SessionRow): void =>
  connection.send({ type: 'inbox', id, ...viewFor(connection.principal, row) });

const isIn = ({ connection, status, assignee }: Watch, row: SessionRow): boolean =>
  matches(row, {
    tenant: connection.principal.tenant,
    limit: 1,
    ...(status === undefined ? {} : { status }),
    ...(assignee === undefined ? {} : { assignee }),
  });
