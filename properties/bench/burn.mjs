/** Spends 200 ms of CPU when told, half of it in a thread that has ended by then, and says what it was. */
import { isMainThread, Worker } from 'node:worker_threads';

const burn = () => {
  const until = process.cpuUsage().user + 100_000;
  while (process.cpuUsage().user < until);
};

if (!isMainThread) burn();
else {
  process.once('message', () => {
    const before = process.cpuUsage();
    burn();
    new Worker(new URL(import.meta.url)).once('exit', () => {
      const { user, system } = process.cpuUsage(before);
      process.send?.((user + system) * 1_000);
    });
  });
  process.send?.('ready');
}
