/** Started as a process of its own by servers.test.ts, to see what is left when that process ends badly. */
import { startNats } from './nats.ts';

const nats = await startNats();
process.stdout.write(`${JSON.stringify({ pid: nats.pid(), storeDir: nats.storeDir })}\n`);
if (process.argv[2] === 'crash')
  setImmediate(() => {
    throw new Error('as asked');
  });
setInterval(() => undefined, 1_000);
