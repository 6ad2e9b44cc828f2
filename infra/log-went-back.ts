/** The log ends before a position that it had already given out. */
import { DependencyFailure } from './dependency-failure.ts';

/**
 * Acknowledged commits are gone, as after a power failure of servers that acknowledge before they sync, or a restored
 * backup. Positions would be given out twice, so nothing may be served from this log by a process that knows better.
 */
export class LogWentBack extends DependencyFailure {
  constructor(where: string, known: number, found: number) {
    super(
      `${where} ends at position ${found}, but position ${known} was acknowledged before; ` +
        'it has lost commits, so restore its newest copy or restart Kefu to accept the loss',
    );
  }
}
