/** How the command line ends when something is wrong: one message, no stack trace, a code that tells whose turn it is. */
import { WrongSettings } from '../config.ts';
import { DependencyFailure } from '../dependency-failure.ts';

export const EXIT_WRONG_SETTING = 2;
export const EXIT_DEPENDENCY = 3;
const EXIT_BUG = 1;
const EXIT_UNFINISHED = 1;

/** Bad input on the command line itself. */
export class WrongUsage extends Error {}

/** Some of what was asked for could not be done; the message says what. */
export class Unfinished extends Error {}

export const exitWith = (error: unknown): void => {
  const [code, message] = told(error);
  process.stderr.write(`kefu: ${message}\n`);
  process.exit(code);
};

const told = (error: unknown): readonly [code: number, message: string] => {
  if (error instanceof WrongSettings || error instanceof WrongUsage) return [EXIT_WRONG_SETTING, error.message];
  if (error instanceof DependencyFailure) return [EXIT_DEPENDENCY, error.message];
  if (error instanceof Unfinished) return [EXIT_UNFINISHED, error.message];
  const failure = error as NodeJS.ErrnoException & { address?: string; hostname?: string; port?: number };
  const place = `${failure.address ?? ''}:${failure.port ?? ''}`;
  switch (failure.code) {
    case 'EADDRINUSE':
      return [
        EXIT_WRONG_SETTING,
        `${place} is in use; end what listens there or set KEFU_PORT to another port (0 = any free one)`,
      ];
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return [
        EXIT_WRONG_SETTING,
        `this machine has no address ${failure.address ?? failure.hostname ?? ''}; set KEFU_HOST to one of its own`,
      ];
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return [EXIT_WRONG_SETTING, `no permission: ${failure.message}`];
    default:
      return [EXIT_BUG, error instanceof Error ? (error.stack ?? error.message) : String(error)];
  }
};
