/** Progress on standard error: a bar for people, nothing where standard error is no terminal but the last line. */
import { Presets, SingleBar } from 'cli-progress';

export interface Progress {
  reached(value: number): void;
  /** Ends with one line that says what came of it. */
  done(outcome: string): void;
}

export const progress = (what: string, total: number): Progress => {
  const bar = new SingleBar(
    {
      format: `${what} {bar} {percentage}% {eta_formatted}`,
      stream: process.stderr,
      clearOnComplete: true,
      hideCursor: true,
    },
    Presets.shades_grey,
  );
  if (process.stderr.isTTY) bar.start(total, 0);
  return {
    reached: (value) => bar.update(value),
    done: (outcome) => {
      bar.stop();
      process.stderr.write(`${what}: ${outcome}\n`);
    },
  };
};
