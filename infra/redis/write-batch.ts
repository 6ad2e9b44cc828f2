/** A batch as the arguments of the write script: as few commands as its keys allow. */
import { placeChange } from '../../projections/orders.ts';
import type { ViewBatch } from '../../projections/view-store.ts';
import { type Keys, refOf } from './keys.ts';
import type { Argument } from './script.ts';

/** Arguments of one command inside the script: Lua takes no more than some 8,000 values from a table at once. */
const ARGUMENTS_MAX = 1_000;

export interface ScriptArguments {
  readonly keys: number;
  readonly keysAndArguments: readonly Argument[];
}

/** Rows and places of one list go together; only a session's messages need a command of their own, and are one argument. */
export const writeArguments = (batch: ViewBatch, keys: Keys, generation: string): ScriptArguments => {
  const rows: Argument[] = [];
  const left = new Map<string, Argument[]>();
  const entered = new Map<string, Argument[]>();
  const messageKeys: string[] = [];
  const messageLines: Buffer[] = [];
  for (const { before, after, messages } of batch.changes) {
    const ref = refOf(after);
    rows.push(ref, JSON.stringify(after));
    const change = placeChange(before, after);
    for (const { list, score, member } of change.entered) listOf(entered, list).push(score, member);
    // In a list where it stays, a new score takes the old one's place.
    for (const { list, member } of change.left)
      if (!change.entered.some((place) => place.list === list)) listOf(left, list).push(member);
    const { bytes } = messages;
    if (bytes.length === 0) continue;
    messageKeys.push(keys.messages(ref));
    messageLines.push(bytes);
  }
  const commands = new Commands();
  commands.add('HSET', keys.rows, rows);
  for (const [list, members] of left) commands.add('ZREM', keys.list(list), members);
  for (const [list, members] of entered) commands.add('ZADD', keys.list(list), members);
  return {
    keys: 1 + commands.keys.length + messageKeys.length,
    keysAndArguments: [keys.head as Argument].concat(
      commands.keys,
      messageKeys,
      [generation, batch.expected, batch.checkpoint, commands.keys.length],
      commands.arguments,
      messageLines,
    ),
  };
};

const listOf = (map: Map<string, Argument[]>, name: string): Argument[] => {
  const found = map.get(name);
  if (found !== undefined) return found;
  const list: Argument[] = [];
  map.set(name, list);
  return list;
};

class Commands {
  readonly keys: string[] = [];
  readonly arguments: Argument[] = [];

  add(command: string, key: string, values: readonly Argument[]): void {
    for (let first = 0; first < values.length; first += ARGUMENTS_MAX) {
      const some = values.slice(first, first + ARGUMENTS_MAX);
      this.keys.push(key);
      this.arguments.push(command, some.length);
      for (const value of some) this.arguments.push(value);
    }
  }
}
