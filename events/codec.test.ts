import fc from 'fast-check';
import { isLeft } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { describe, expect, it } from 'vitest';
import { history } from '../properties/arbitraries/histories.ts';
import { decode, digits, integer, listOf, sayFlaws, struct, tagged, text } from './codec.ts';
import { NamedCommand } from './commands.ts';
import { Fact } from './facts.ts';
import { ClientFrame } from './frames.ts';

const said = (codec: t.Mixed, value: unknown): string => {
  const result = decode(codec as t.Decoder<unknown, unknown>, value);
  return isLeft(result) ? sayFlaws(result.left) : 'fine';
};

/** Sets, adds or removes a key of the value or of an object in it. */
const damage = (whole: unknown, object: number, key: number, value: unknown): void => {
  const objects = objectsIn(whole);
  const one = objects[object % objects.length];
  if (one === undefined) return;
  const names = [...Object.keys(one), 'extra', '__proto__'];
  const name = names[key % names.length] ?? 'extra';
  if (value === null) delete one[name];
  else
    Object.defineProperty(one, name, {
      value: structuredClone(value),
      enumerable: true,
      writable: true,
      configurable: true,
    });
};

const objectsIn = (value: unknown): Record<string, unknown>[] =>
  typeof value !== 'object' || value === null
    ? []
    : [value as Record<string, unknown>, ...Object.values(value).flatMap(objectsIn)];

describe('decoding', () => {
  const person = struct({ name: text(5), age: integer(0, 150) }, { nick: text(3) });

  it('names the place and the rule', () => {
    expect(said(person, { name: 'too long', age: -1, nick: 'ok' })).toBe(
      'name: expected text of 1 to 5 characters, well-formed Unicode; age: expected an integer from 0 to 150',
    );
    expect(said(struct({ inner: person }), { inner: { name: 'a', age: 1, nick: 4 } })).toBe(
      'inner.nick: expected text of 1 to 3 characters, well-formed Unicode',
    );
  });

  it('never repeats the value', () => {
    expect(said(person, { name: 'my secret text', age: 'secret too' })).not.toContain('secret');
  });

  it('drops keys it does not know', () => {
    expect(decode(person, { name: 'a', age: 1, extra: true })).toMatchObject({ right: { name: 'a', age: 1 } });
    expect(decode(person, { name: 'a', age: 1, extra: true })).not.toMatchObject({ right: { extra: true } });
  });

  it('looks only at the member that the tag names', () => {
    const shape = tagged('Shape', {
      Circle: struct({ type: t.literal('Circle'), radius: integer(1) }),
      Square: struct({ type: t.literal('Square'), side: integer(1) }),
    });
    expect(said(shape, { type: 'Circle', radius: 0 })).toBe('radius: expected an integer of at least 1');
    expect(said(shape, { type: 'Line' })).toBe('type: expected one of Circle, Square');
    expect(said(shape, { type: 'toString' })).toBe('type: expected one of Circle, Square');
    expect(said(shape, [])).toBe('body: expected a JSON object');
  });

  it('refuses half a surrogate pair, which no UTF-8 can hold', () => {
    expect(said(text(5), '\ud83d')).toContain('well-formed');
    expect(said(text(5), '👑')).toBe('fine');
  });

  it('hands back what needs no decoding, and whatever it hands back is what io-ts makes of it', () => {
    const anywhere = { maxLength: 4 } as const;
    fc.assert(
      fc.property(history(), fc.array(fc.tuple(fc.nat(), fc.nat(), fc.jsonValue()), anywhere), (commits, damages) => {
        for (const fact of commits.flatMap(({ commit }) => commit.events as readonly unknown[])) {
          expect(decode(Fact, fact)).toEqual(Fact.decode(fact));
          const damaged: unknown = JSON.parse(JSON.stringify(fact));
          for (const [object, key, value] of damages) damage(damaged, object, key, value);
          const [own, plain] = [decode(Fact, damaged), Fact.decode(damaged)];
          expect(isLeft(own) ? 'refused' : own).toStrictEqual(isLeft(plain) ? 'refused' : plain);
        }
      }),
    );
    const hole: unknown[] = [];
    hole.length = 1;
    expect(isLeft(decode(listOf(struct({ a: integer(1) }), 2), hole))).toBe(true);
    const fact = { type: 'SessionReleased', by: { role: 'agent', id: 'an' }, clientId: 'c' };
    expect(decode(Fact, fact)).toHaveProperty('right', fact);
    expect((decode(Fact, fact) as { right: unknown }).right).toBe(fact);
    const nested = { ...fact, by: { ...fact.by, extra: 1 } };
    expect(decode(Fact, nested)).toEqual({ _tag: 'Right', right: fact });
  });

  it('takes a value by the first of several that fit, as io-ts does', () => {
    const either = t.union([struct({ a: integer(1) }), struct({ a: integer(1), b: integer(1) })]);
    expect(decode(either, { a: 1, b: 2 })).toEqual({ _tag: 'Right', right: { a: 1 } });
    expect(decode(listOf(struct({ a: integer(1) }), 2), [{ a: 1, b: 2 }])).toEqual({
      _tag: 'Right',
      right: [{ a: 1 }],
    });
    expect(said(listOf(integer(1), 2), [1, 2, 3])).toContain('a list of 0 to 2');
  });

  it('reads whole decimal numbers from a query and nothing else', () => {
    expect(decode(digits(1, 200), '200')).toMatchObject({ right: 200 });
    for (const value of ['0', '201', '-1', '1.5', '1e2', ' 1', '', '0x10', '99999999999999999'])
      expect(said(digits(1, 200), value)).not.toBe('fine');
  });
});

describe('frames and commands', () => {
  it('say what is missing from a say frame', () => {
    expect(said(ClientFrame, { type: 'say', id: 'a' })).toMatch(/^session: .*; text: /);
  });
  it('look into the command of a do frame', () => {
    const frame = { type: 'do', id: 'a', session: 's', command: { type: 'RateSession', score: 6 } };
    expect(said(ClientFrame, frame)).toBe('command.score: expected an integer from 1 to 5');
    expect(said(ClientFrame, { ...frame, command: { type: 'Answer', basedOn: 1, text: 'x' } })).toMatch(
      /^command\.type: expected one of/,
    );
  });
  it('know every command that a client may name', () => {
    expect(said(NamedCommand, { type: 'ClaimSession' })).toBe('fine');
    expect(said(NamedCommand, null)).toBe('body: expected a JSON object');
  });
});
