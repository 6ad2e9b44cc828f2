/** The primary's part when a worker gives a connection to another: it knows who serves as what, and passes it on. */
import type { Worker } from 'node:cluster';
import type { ToPrimary, ToWorker } from '../cluster/siblings.ts';
import type { Handle } from '../handles.ts';

export class Exchange {
  readonly #workers = new Map<string, Worker>();
  /** On their way, by receiver: what a receiver that dies has not taken is closed here. */
  readonly #underWay = new Map<Worker, Set<Handle>>();

  add(worker: Worker): void {
    this.#underWay.set(worker, new Set());
    worker.on('message', (message: ToPrimary, handle: unknown) => {
      if ('serves' in message) {
        this.#workers.set(message.serves, worker);
        this.#tell();
      } else if ('to' in message && handle !== undefined) this.#pass(message, handle as Handle);
    });
    worker.once('exit', () => {
      this.remove(worker);
      for (const handle of this.#underWay.get(worker) ?? []) handle.close();
      this.#underWay.delete(worker);
    });
  }

  /** It is given nothing any more. */
  remove(worker: Worker): void {
    for (const [node, each] of this.#workers) if (each === worker) this.#workers.delete(node);
    this.#tell();
  }

  /** Without a receiver the connection is closed, and whoever is at its other end comes back. */
  #pass({ to, luggage }: Extract<ToPrimary, { to: string }>, handle: Handle): void {
    const worker = this.#workers.get(to);
    const underWay = worker === undefined ? undefined : this.#underWay.get(worker);
    if (worker === undefined || underWay === undefined || !worker.isConnected()) {
      handle.close();
      return;
    }
    underWay.add(handle);
    const passed: ToWorker = { luggage };
    // The kernel keeps it alive for the receiver once it is sent.
    send(worker, passed, handle, () => {
      underWay.delete(handle);
      handle.close();
    });
  }

  #tell(): void {
    const told: ToWorker = { siblings: [...this.#workers.keys()] };
    for (const worker of new Set(this.#workers.values())) if (worker.isConnected()) send(worker, told);
  }
}

const send = (worker: Worker, message: ToWorker, handle?: Handle, done: () => void = () => undefined): void => {
  // Node's types know of whole sockets and servers; its own cluster sends bare connections like this one.
  worker.send(message, handle as Parameters<Worker['send']>[1], done);
};
