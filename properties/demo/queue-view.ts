/** The queue as one agent's console would show it, kept from what a watch tells. */

export interface ToldRow {
  readonly session: string;
  readonly seq: number;
  readonly status: string;
}

export class QueueView {
  /** Rows told, also those told again. */
  told = 0;
  /** Rows that were older than what had been told of their session before. */
  wentBack = 0;
  readonly #newest = new Map<string, number>();
  readonly #waiting = new Set<string>();

  /** The watch begins, or begins anew: what waits is told once more. */
  begin(): void {
    this.#waiting.clear();
  }

  tell({ session, seq, status }: ToldRow): void {
    this.told += 1;
    const newest = this.#newest.get(session) ?? 0;
    if (seq < newest) this.wentBack += 1;
    else this.#newest.set(session, seq);
    if (status === 'queued') this.#waiting.add(session);
    else this.#waiting.delete(session);
  }

  /** Sessions shown as waiting. */
  get waiting(): number {
    return this.#waiting.size;
  }
}
