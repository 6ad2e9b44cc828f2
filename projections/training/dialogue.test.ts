import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Fact } from '../../events/facts.ts';
import { alice, assistant, claimedBy, closed, opened, queued, said, visitor } from '../../properties/story.ts';
import { DialogueFold } from './dialogue.ts';
import { type Bounds, endingAfter, leftOutBy, unended } from './selection.ts';

const dialogueOf = (...facts: readonly Fact[]) => {
  const fold = new DialogueFold();
  for (const fact of facts) fold.take(fact);
  return fold.dialogue();
};
const note: Fact = { type: 'NoteAdded', text: 'a secret of ours', by: alice, clientId: 'n' };

describe('a dialogue to learn from', () => {
  test('has turns: several messages of one side are one, of people and the assistant alike, without notes', () => {
    expect(
      dialogueOf(
        opened,
        said(visitor, 'hello'),
        said(visitor, 'where is it?'),
        said(assistant, 'which one?'),
        queued,
        claimedBy(alice),
        note,
        said(alice, 'I look'),
        said(visitor, 'the chair'),
        said(alice, 'tomorrow'),
        closed,
      ),
    ).toEqual([
      { role: 'user', content: 'hello\nwhere is it?' },
      { role: 'assistant', content: 'which one?\nI look' },
      { role: 'user', content: 'the chair' },
      { role: 'assistant', content: 'tomorrow' },
    ]);
  });

  test('begins with the first question and ends with the last answer', () => {
    expect(dialogueOf(said(alice, 'welcome'), said(visitor, 'a'), said(alice, 'b'), said(visitor, 'thanks'))).toEqual([
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'b' },
    ]);
    expect(dialogueOf(said(visitor, 'anybody?'))).toEqual([]);
    expect(dialogueOf(said(alice, 'anybody?'))).toEqual([]);
  });

  test('an offer is said with its choices', () => {
    const offer: Fact = {
      type: 'ChoicesOffered',
      basedOn: 1,
      text: 'Which one?',
      choices: [
        { entry: 'x', question: 'How to return?' },
        { entry: 'y', question: 'How to exchange?' },
      ],
      by: assistant,
      clientId: 'o',
    };
    expect(dialogueOf(said(visitor, 'return'), offer).at(-1)?.content).toBe(
      'Which one?\n- How to return?\n- How to exchange?',
    );
  });

  test('roles take turns, the first is the visitor, the last an answer, and every word of it was said', () => {
    const message = fc.tuple(fc.constantFrom(visitor, alice, assistant), fc.constantFrom('a', 'b', 'c'));
    fc.assert(
      fc.property(fc.array(message), (messages) => {
        const dialogue = dialogueOf(...messages.map(([author, text]) => said(author, text)));
        dialogue.forEach(({ role }, index) => expect(role).toBe(index % 2 === 0 ? 'user' : 'assistant'));
        expect(dialogue.length % 2).toBe(0);
        const words = messages.map(([, text]) => text).join('');
        expect(words).toContain(dialogue.map(({ content }) => content.replaceAll('\n', '')).join(''));
        const hasAnswer = /v.*s/.test(messages.map(([{ role }]) => (role === 'visitor' ? 'v' : 's')).join(''));
        expect(dialogue.length > 0).toBe(hasAnswer);
      }),
    );
  });
});

describe('sessions to learn from', () => {
  const bounds: Bounds = { scoreMin: 4, sinceMs: 100, untilMs: 200 };
  const rated = (score: number): Fact => ({ type: 'SessionRated', score, by: visitor, clientId: `r${score}` });
  const reopened: Fact = { type: 'SessionReopened', by: visitor, clientId: 'again' };
  const reasonFor = (at: number, ...facts: [Fact, ...Fact[]]) =>
    leftOutBy(bounds, endingAfter(unended, { v: 1, session: 's', seq: 1, commit: 'c', at, events: facts }));

  test.each<[string, ReturnType<typeof reasonFor>, ReturnType<typeof reasonFor>]>([
    ['closed and well rated', reasonFor(150, opened, closed, rated(4)), undefined],
    ['rated and then closed', reasonFor(100, opened, rated(5), closed), undefined],
    ['open', reasonFor(150, opened, rated(5)), 'not closed'],
    ['open again', reasonFor(150, opened, closed, rated(5), reopened), 'not closed'],
    ['closed before', reasonFor(99, opened, closed, rated(5)), 'not in this time'],
    ['closed later', reasonFor(201, opened, closed, rated(5)), 'not in this time'],
    ['without a score', reasonFor(150, opened, closed), 'not rated'],
    ['with a low score', reasonFor(150, opened, closed, rated(3)), 'rated lower'],
    ['with a newer low score', reasonFor(150, opened, rated(5), closed, rated(1)), 'rated lower'],
  ])('%s', (_what, reason, expected) => expect(reason).toBe(expected));
});
