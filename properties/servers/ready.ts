/** Waits until a server answers, by asking it, and gives up at once when its process is gone. */
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from './child.ts';

const READY_TIMEOUT_MS = 20_000;
const ASK_TIMEOUT_MS = 1_000;
const ASK_EVERY_MS = 10;

/** Opens a connection, sends `question` and says whether the first answer satisfies. */
export const answers = (port: number, question: string, isAnswer: (answer: string) => boolean): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const done = (ready: boolean): void => {
      socket.destroy();
      resolve(ready);
    };
    socket.setTimeout(ASK_TIMEOUT_MS, () => done(false));
    socket.once('error', () => done(false));
    socket.once('close', () => resolve(false));
    socket.once('data', (answer) => done(isAnswer(answer.toString())));
    if (question !== '') socket.write(question);
  });

export const untilReady = async (name: string, child: Child, isReady: () => Promise<boolean>): Promise<void> => {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while (!child.hasExited()) {
    if (await isReady()) return;
    if (performance.now() > deadline) {
      await child.kill('SIGKILL');
      throw new Error(`${name} did not answer within ${READY_TIMEOUT_MS} ms:\n${child.lastWords()}`);
    }
    await sleep(ASK_EVERY_MS);
  }
  throw new Error(`${name} ended before it answered:\n${child.lastWords()}`);
};
