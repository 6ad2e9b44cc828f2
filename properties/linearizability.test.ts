/** The check sees what it is there to see, and nothing where there is nothing. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chosen } from './chosen-seed.ts';
import {
  checkSession,
  decodeOperations,
  encodeOperations,
  type Operation,
  type Violation,
  type Witness,
} from './linearizability.ts';

const log = (...keys: readonly string[]): readonly Witness[] =>
  keys.map((key) => ({ key, type: 'MessagePosted', messageId: `m-${key}` }));

const done = (key: string, seq: number, sentAt: number, answeredAt: number): Operation => ({
  session: 't/s',
  client: 'li',
  what: 'command',
  key,
  sentAt,
  answeredAt,
  outcome: 'done',
  seq,
  messageId: `m-${key}`,
  servedBy: 'p1',
});
const read = (seq: number, sentAt: number, answeredAt: number): Operation => ({
  session: 't/s',
  client: 'bo',
  what: 'read',
  sentAt,
  answeredAt,
  outcome: 'done',
  seq,
});
const lost = ({ key = '', sentAt }: Operation): Operation => ({
  session: 't/s',
  client: 'li',
  what: 'command',
  key,
  sentAt,
  outcome: 'unknown',
});
const refused = (key: string, sentAt: number, answeredAt: number): Operation => ({
  ...lost(done(key, 0, sentAt, answeredAt)),
  answeredAt,
  outcome: 'refused',
  servedBy: 'p1',
});

const laws = (violations: readonly Violation[]): readonly string[] => violations.map(({ law }) => law);

describe('a session’s operations fit its log', () => {
  test('when answers overlap, whatever their order', () => {
    const operations = [done('a', 2, 1, 9), done('b', 1, 2, 8), read(0, 1, 3), read(2, 3, 9)];
    expect(checkSession(operations, log('b', 'a'))).toEqual([]);
  });

  test('when an attempt without an answer was carried out, now or much later, or never', () => {
    const attempt = lost(done('b', 2, 3, 4));
    expect(checkSession([done('a', 1, 1, 2), attempt], log('a'))).toEqual([]);
    expect(checkSession([done('a', 1, 1, 2), attempt], log('a', 'b'))).toEqual([]);
    expect(checkSession([attempt, done('c', 1, 5, 6), done('b', 2, 7, 8)], log('c', 'b'))).toEqual([]);
  });

  test('when a process that had lost the session answers as of old', () => {
    const old = { ...read(0, 5, 6), mayBeOld: true };
    expect(checkSession([done('a', 1, 1, 2), old], log('a'))).toEqual([]);
  });

  test('when a refused command is stored because of another attempt', () => {
    expect(checkSession([lost(done('a', 1, 1, 2)), refused('a', 3, 4)], log('a'))).toEqual([]);
    expect(checkSession([refused('a', 1, 2), done('a', 1, 3, 4)], log('a'))).toEqual([]);
  });
});

describe('a session’s operations do not fit its log', () => {
  test.each<[string, readonly Operation[], readonly Witness[], string]>([
    ['an acknowledged command is missing', [done('a', 1, 1, 2)], [], 'what is acknowledged is stored'],
    ['it stands elsewhere', [done('a', 1, 1, 2)], log('b', 'a'), 'what is acknowledged is stored'],
    [
      'two answers differ',
      [done('a', 1, 1, 2), { ...done('a', 1, 3, 4), messageId: 'other' }],
      log('a'),
      'what is acknowledged is stored',
    ],
    ['a command is there twice', [done('a', 2, 1, 2)], log('a', 'a'), 'a command is carried out once'],
    ['a refused command is there', [refused('a', 1, 2)], log('a'), 'a refused command changes nothing'],
    [
      'what the same process gave up before appears after all',
      [{ ...lost(done('a', 1, 1, 2)), answeredAt: 2, servedBy: 'p1' }, refused('a', 3, 4)],
      log('a'),
      'a refused command changes nothing',
    ],
    [
      'it was refused though it was done',
      [done('a', 1, 1, 2), refused('a', 3, 4)],
      log('a'),
      'a refused command changes nothing',
    ],
    [
      'what was answered first stands behind',
      [done('a', 2, 1, 2), done('b', 1, 3, 4)],
      log('b', 'a'),
      'one order explains all answers',
    ],
    [
      'a read misses what was acknowledged',
      [done('a', 1, 1, 2), read(0, 3, 4)],
      log('a'),
      'an answer holds what was acknowledged before',
    ],
    [
      'a read knows what was not asked yet',
      [read(1, 1, 2), done('a', 1, 3, 4)],
      log('a'),
      'one order explains all answers',
    ],
    ['a read goes beyond the log', [read(2, 1, 2)], log('a'), 'one order explains all answers'],
  ])('when %s', (_, operations, witness, law) => {
    expect(laws(checkSession(operations, witness))).toContain(law);
  });
});

describe('any run of a correct session', () => {
  /** Each operation takes effect at its own moment; sent some time before, answered some time after. */
  const run = fc
    .array(fc.record({ isRead: fc.boolean(), before: fc.nat(20), after: fc.nat(20), isLost: fc.boolean() }), {
      maxLength: 30,
    })
    .map((effects) => {
      const witness: Witness[] = [];
      const operations = effects.map(({ isRead, before, after, isLost }, index): Operation => {
        const at = 100 + index * 2;
        if (isRead) return read(witness.length, at - before, at + after);
        witness.push(...log(`k${index}`));
        const operation = done(`k${index}`, witness.length, at - before, at + after);
        return isLost ? lost(operation) : operation;
      });
      return { operations, witness };
    });

  test('fits, and still does when it was written down and read again', () => {
    fc.assert(
      fc.property(run, ({ operations, witness }) => {
        expect(checkSession(operations, witness)).toEqual([]);
        expect(decodeOperations(encodeOperations(operations))).toEqual(operations);
      }),
      chosen(200),
    );
  });

  test('does not fit with two answers exchanged, where one was given before the other was asked for', () => {
    fc.assert(
      fc.property(run, ({ operations, witness }) => {
        const answered = operations.filter(({ what, outcome }) => what === 'command' && outcome === 'done');
        const [first] = answered;
        const later = answered.find(({ sentAt }) => first !== undefined && sentAt > (first.answeredAt ?? 0));
        fc.pre(first !== undefined && later !== undefined);
        if (first === undefined || later === undefined) return;
        const exchanged = witness.map((fact) =>
          fact.key === first.key ? keyed(later) : fact.key === later.key ? keyed(first) : fact,
        );
        const moved = operations.map((operation) =>
          operation === first
            ? { ...first, seq: later.seq ?? 0 }
            : operation === later
              ? { ...later, seq: first.seq ?? 0 }
              : operation,
        );
        expect(laws(checkSession(moved, exchanged))).toContain('one order explains all answers');
      }),
      chosen(200),
    );
  });
});

const keyed = ({ key = '' }: Operation): Witness => ({ key, type: 'MessagePosted', messageId: `m-${key}` });
