/** A log that is another one, but for what is given here. */
import type { EventLog } from '../../../events/event-log.ts';

export const through = (log: EventLog, changed: Partial<EventLog>): EventLog => ({
  shards: log.shards,
  append: (append) => log.append(append),
  read: (ref, after) => log.read(ref, after),
  scan: (scan) => log.scan(scan),
  head: () => log.head(),
  ...changed,
});
