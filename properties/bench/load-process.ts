/** A load process, seen from the one that started it: told what to do, one thing at a time. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { TaskName, Tasks } from './load/tasks.ts';

const RUN = fileURLToPath(new URL('../run.mjs', import.meta.url));
const LOAD = fileURLToPath(new URL('load/main.ts', import.meta.url));

/** What is done with every load process before it is told anything. */
let prepare: (pid: number) => Promise<void> = () => Promise.resolve();

export const onLoadProcess = (preparation: typeof prepare): void => {
  prepare = preparation;
};

type Report = { readonly result: unknown } | { readonly error: string };

export class LoadProcess {
  readonly #child: ChildProcess;

  /** `settings` are Node's own, such as those that Kefu runs with where its parts are measured in it. */
  static async start(settings: readonly string[] = []): Promise<LoadProcess> {
    const load = new LoadProcess(settings);
    await load.#report();
    await prepare(load.pid);
    return load;
  }

  private constructor(settings: readonly string[]) {
    this.#child = fork(RUN, [LOAD], {
      execArgv: [...process.execArgv, ...settings],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  /** Resolves with what came of it; rejects with what went wrong in the process, or when it is gone. */
  ask<T extends TaskName>(task: T, order: Parameters<Tasks[T]>[0]): Promise<Awaited<ReturnType<Tasks[T]>>> {
    const report = this.#report();
    this.#child.send({ task, order });
    return report as Promise<Awaited<ReturnType<Tasks[T]>>>;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.disconnect();
    await gone;
  }

  #report(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const exited = (): void => reject(new Error('the load process has ended before it was done'));
      this.#child.once('exit', exited);
      this.#child.once('message', (report: Report) => {
        this.#child.off('exit', exited);
        if ('error' in report) reject(new Error(report.error));
        else resolve(report.result);
      });
    });
  }
}
