/** How far a play is: a bar where somebody looks, a line now and then where nobody does. */
import { SingleBar } from 'cli-progress';

export interface Progress {
  begin(messages: number): void;
  acked(messages: number): void;
  end(): void;
}

/** Says nothing. */
export const silent: Progress = { begin: () => undefined, acked: () => undefined, end: () => undefined };

const LINE_EVERY_MS = 2_000;

export const bar = (): Progress => {
  const single = new SingleBar({
    stream: process.stderr,
    format: 'playing {bar} {value} of {total} messages, {duration_formatted}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    noTTYOutput: true,
    notTTYSchedule: LINE_EVERY_MS,
    // A signal is answered where the servers are ended; a hidden cursor would stay hidden then.
    hideCursor: false,
    gracefulExit: false,
  });
  return {
    begin: (messages) => single.start(messages, 0),
    acked: (messages) => single.update(messages),
    end: () => single.stop(),
  };
};
