/** How far a benchmark is: what it is at, and for how long; a line each where nobody looks. */
import { SingleBar } from 'cli-progress';

export interface Progress {
  at(what: string): void;
  /** One more run of a scenario is over. */
  done(): void;
  end(): void;
}

const nothing = (): void => undefined;

export const progress = (runs: number): Progress => {
  if (!process.stderr.isTTY)
    return { at: (what) => void process.stderr.write(`${what}\n`), done: nothing, end: nothing };
  const bar = new SingleBar({
    stream: process.stderr,
    format: '{bar} {value} of {total}, {duration_formatted}: {what}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 20,
    // A signal is answered where the servers are ended; a hidden cursor would stay hidden then.
    hideCursor: false,
    gracefulExit: false,
  });
  bar.start(runs, 0, { what: '' });
  return { at: (what) => bar.update({ what }), done: () => bar.increment(), end: () => bar.stop() };
};
