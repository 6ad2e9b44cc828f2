/** A process that makes load and nothing else, so that what it costs is not counted as the server's. */
import { type TaskName, tasks } from './tasks.ts';

interface Order {
  readonly task: TaskName;
  readonly order: unknown;
}

type Task = (order: unknown) => unknown;

process.on('message', ({ task, order }: Order) => {
  Promise.resolve()
    .then(() => (tasks[task] as Task)(order))
    .then(
      (result) => process.send?.({ result }),
      (error: unknown) => process.send?.({ error: error instanceof Error ? error.message : String(error) }),
    );
});

// Whoever started this decides when it ends: a signal to the whole group is theirs to answer.
process.on('SIGINT', () => undefined);
process.once('disconnect', () => process.exit(0));
process.send?.({ result: 'ready' });
