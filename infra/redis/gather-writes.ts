/** Sends what is written in one turn of the event loop with one system call, which costs more than the commands do. */
import type { Writable } from 'node:stream';

export const gatherWrites = (stream: Writable): void => {
  const write = stream.write.bind(stream);
  let isGathering = false;
  const send = (): void => {
    isGathering = false;
    stream.uncork();
  };
  stream.write = ((...given: Parameters<typeof write>) => {
    if (!isGathering) {
      isGathering = true;
      stream.cork();
      setImmediate(send);
    }
    return write(...given);
  }) as typeof stream.write;
};
