import { describe, expect, it } from 'vitest';
import type { Fact } from '../events/facts.ts';
import { RECEIPTS_MAX } from '../events/limits.ts';
import { alice, assistant, bob, claimedBy, closed, given, opened, queued, said, visitor } from '../properties/story.ts';
import { statusOf } from './session-state.ts';

const answer = { type: 'Answer', basedOn: 2, text: 'yes', entry: 'e', confidence: 0.9 } as const;

describe('a session that nobody opened', () => {
  it('is unknown to every command but the one that opens it', () => {
    given().when(visitor, { type: 'PostMessage', text: 'hi' }).thenRefused({ _tag: 'UnknownSession' });
    given()
      .when(visitor, { type: 'OpenSession', visitor: { id: 'li' } })
      .thenFacts([{ type: 'SessionOpened', visitor: { id: 'li' } }]);
  });
  it('cannot be opened in the name of another visitor', () => {
    given()
      .when(visitor, { type: 'OpenSession', visitor: { id: 'han' } })
      .thenRefused({ _tag: 'NotYourSession' });
    given()
      .when({ role: 'service', id: 'shop' }, { type: 'OpenSession', visitor: { id: 'han' } })
      .thenFacts([{ type: 'SessionOpened' }]);
    given()
      .when(alice, { type: 'OpenSession', visitor: { id: 'han' } })
      .thenRefused({ _tag: 'RoleMayNot' });
  });
});

describe('a session with the assistant', () => {
  const asked = given([opened], [said(visitor, 'where is my order')]);

  it('takes the answer that rests on everything said', () => {
    asked.when(assistant, answer).thenFacts([
      { type: 'AssistantDecided', outcome: 'answered', basedOn: 2, entry: 'e' },
      { type: 'MessagePosted', author: assistant, text: 'yes', basedOn: 2 },
    ]);
  });
  it('refuses the answer when the visitor has written since', () => {
    given([opened], [said(visitor)], [said(visitor, 'and another thing')])
      .when(assistant, answer)
      .thenRefused({ _tag: 'StaleReply', basedOn: 2, since: 3 });
  });
  it('refuses the answer when a person has taken over', () => {
    given([opened], [said(visitor)], [claimedBy(alice)])
      .when(assistant, answer)
      .thenRefused({ _tag: 'StaleReply', since: 3 });
  });
  it('goes to the queue when the assistant hands off, once', () => {
    const handOff = { type: 'HandOff', basedOn: 2, why: 'unknown' } as const;
    asked.when(assistant, handOff).thenFacts([
      { type: 'AssistantDecided', outcome: 'handoff' },
      { type: 'HandoffRequested', reason: 'unknown' },
    ]);
    given([opened], [said(visitor)], [queued])
      .when(assistant, { ...handOff, basedOn: 3 })
      .thenRefused({ _tag: 'NotInThisState', status: 'queued' });
  });
  it('goes to the queue when the visitor asks for a person', () => {
    asked.when(visitor, { type: 'RequestHandoff' }).thenFacts([{ type: 'HandoffRequested', by: visitor }]);
  });
  it('can be claimed by an agent directly', () => {
    asked.when(alice, { type: 'ClaimSession' }).thenFacts([{ type: 'SessionAssigned', agent: 'alice' }]);
  });
  it('is not answered by an agent who has not claimed it', () => {
    asked.when(alice, { type: 'PostMessage', text: 'hi' }).thenRefused({ _tag: 'NotTheAssignee', assignee: null });
  });
});

describe('an assigned session', () => {
  const assigned = given([opened], [queued], [claimedBy(alice)]);

  it('takes messages of its visitor and its agent, and of nobody else', () => {
    assigned.when(visitor, { type: 'PostMessage', text: 'hi' }).thenFacts([{ type: 'MessagePosted', author: visitor }]);
    assigned.when(alice, { type: 'PostMessage', text: 'hi' }).thenFacts([{ type: 'MessagePosted', author: alice }]);
    assigned.when(bob, { type: 'PostMessage', text: 'hi' }).thenRefused({ _tag: 'NotTheAssignee', assignee: 'alice' });
    assigned
      .when({ role: 'visitor', id: 'han' }, { type: 'PostMessage', text: 'hi' })
      .thenRefused({ _tag: 'NotYourSession' });
  });
  it('cannot be claimed again', () => {
    assigned.when(bob, { type: 'ClaimSession' }).thenRefused({ _tag: 'AlreadyAssigned', assignee: 'alice' });
  });
  it('is passed on and released by its agent alone', () => {
    assigned
      .when(alice, { type: 'TransferSession', to: 'bob' })
      .thenFacts([{ type: 'SessionTransferred', from: 'alice', to: 'bob' }]);
    assigned.when(bob, { type: 'TransferSession', to: 'bob' }).thenRefused({ _tag: 'NotTheAssignee' });
    assigned.when(alice, { type: 'ReleaseSession' }).thenFacts([{ type: 'SessionReleased' }]);
  });
  it('takes notes of any agent, and none of the visitor', () => {
    assigned.when(bob, { type: 'AddNote', text: 'vip' }).thenFacts([{ type: 'NoteAdded', text: 'vip' }]);
    assigned.when(visitor, { type: 'AddNote', text: 'vip' }).thenRefused({ _tag: 'RoleMayNot', role: 'visitor' });
  });
  it('is not handed off again', () => {
    assigned.when(visitor, { type: 'RequestHandoff' }).thenRefused({ _tag: 'NotInThisState', status: 'assigned' });
  });
});

describe('read marks', () => {
  const talked = given([opened], [said(visitor)], [{ type: 'MessagesRead', upTo: 2, by: alice, clientId: 'r1' }]);

  it('only move forward, and a lower one is already done', () => {
    talked.when(alice, { type: 'MarkRead', upTo: 3 }).thenFacts([{ type: 'MessagesRead', upTo: 3 }]);
    talked.when(bob, { type: 'MarkRead', upTo: 1 }).thenDone(3);
    talked.when(visitor, { type: 'MarkRead', upTo: 1 }).thenFacts([{ type: 'MessagesRead', by: visitor }]);
  });
  it('do not reach beyond what has been said', () => {
    talked.when(alice, { type: 'MarkRead', upTo: 4 }).thenRefused({ _tag: 'NotThatFarYet', seq: 3 });
  });
});

describe('a closed session', () => {
  const over = given([opened], [claimedBy(alice)], [closed]);

  it('takes no message, and says so the same way to everyone', () => {
    for (const by of [visitor, alice, bob])
      over.when(by, { type: 'PostMessage', text: 'hi' }).thenRefused({ _tag: 'NotInThisState', status: 'closed' });
  });
  it('can still be rated and noted on', () => {
    over.when(visitor, { type: 'RateSession', score: 5 }).thenFacts([{ type: 'SessionRated', score: 5 }]);
    over.when(alice, { type: 'AddNote', text: 'done' }).thenFacts([{ type: 'NoteAdded' }]);
  });
  it('opens again where a person was needed: in the queue', () => {
    const reopened = { type: 'SessionReopened', by: visitor, clientId: 'again' } as const;
    over.when(visitor, { type: 'ReopenSession' }).thenFacts([{ type: 'SessionReopened' }]);
    expect(statusOf(given([opened], [claimedBy(alice)], [closed], [reopened]).state)).toBe('queued');
    expect(statusOf(given([opened], [closed], [reopened]).state)).toBe('assistant');
  });
});

describe('a command that comes again', () => {
  it('gets its first answer, whatever has happened since', () => {
    given([opened], [said(visitor, 'hello', 'a1')], [closed])
      .when(visitor, { type: 'PostMessage', text: 'hello' }, 'a1')
      .thenDone(2);
  });
  it('with another body is refused', () => {
    given([opened], [said(visitor, 'hello', 'a1')])
      .when(visitor, { type: 'PostMessage', text: 'goodbye' }, 'a1')
      .thenRefused({ _tag: 'IdReused' });
  });
  it('from another person is another command', () => {
    given([opened], [claimedBy(alice)], [said(visitor, 'hello', 'a1')])
      .when(alice, { type: 'PostMessage', text: 'hello' }, 'a1')
      .thenFacts([{ type: 'MessagePosted', author: alice }]);
  });
  it('from somebody with the name of the assistant takes nothing from the assistant', () => {
    const impostor = { role: 'visitor', id: 'assistant' } as const;
    const openedByImpostor = { ...opened, visitor: { id: 'assistant' }, by: impostor } as const;
    given([openedByImpostor], [said(impostor, 'hello', 'reply-to-2')])
      .when(assistant, { type: 'HandOff', basedOn: 2, why: 'unknown' }, 'reply-to-2')
      .thenFacts([{ type: 'AssistantDecided' }, { type: 'HandoffRequested' }]);
  });
  it('after its answer has been forgotten is refused, not run again', () => {
    const many = Array.from({ length: RECEIPTS_MAX + 1 }, (_, index) => [said(visitor, 'x', `n${index}`)]);
    const long = given([opened], ...many);
    long.when(visitor, { type: 'PostMessage', text: 'x' }, 'n0').thenRefused({ _tag: 'IdTooOld' });
    long.when(visitor, { type: 'PostMessage', text: 'x' }, `n${RECEIPTS_MAX}`).thenDone(RECEIPTS_MAX + 2);
  });
});

describe('an offer of the assistant’s', () => {
  const choices = [
    { entry: 'return', question: 'How do I return it?' },
    { entry: 'refund', question: 'When do I get my money?' },
  ];
  const offered: Fact = {
    type: 'ChoicesOffered',
    basedOn: 2,
    text: 'Which one?',
    choices,
    by: assistant,
    clientId: 'reply-to-2',
  };

  it('comes with the trail, and is the word on what was asked', () => {
    const asked = given([opened, said(visitor)]);
    asked
      .when(assistant, { type: 'OfferChoices', basedOn: 2, text: 'Which one?', choices, confidence: 0.3 })
      .thenFacts([
        { type: 'AssistantDecided', outcome: 'offered', why: 'unsure', confidence: 0.3 },
        { type: 'ChoicesOffered', basedOn: 2, choices },
      ]);
  });
  it('is chosen from in the visitor’s own words', () => {
    given([opened, said(visitor)], [offered])
      .when(visitor, { type: 'ChooseAnswer', offer: 3, entry: 'refund' })
      .thenFacts([
        {
          type: 'MessagePosted',
          author: visitor,
          text: 'When do I get my money?',
          choice: { offer: 3, entry: 'refund' },
        },
      ]);
  });
  it.each([
    ['an entry that was not offered', { offer: 3, entry: 'other' }],
    ['another offer', { offer: 2, entry: 'refund' }],
  ])('is not one of %s', (_, chosen) => {
    given([opened, said(visitor)], [offered])
      .when(visitor, { type: 'ChooseAnswer', ...chosen })
      .thenRefused({ _tag: 'NoSuchChoice', offer: chosen.offer });
  });
  it('is replaced by the next', () => {
    given([opened, said(visitor)], [offered], [said(visitor)], [{ ...offered, basedOn: 4, clientId: 'reply-to-4' }])
      .when(visitor, { type: 'ChooseAnswer', offer: 3, entry: 'refund' })
      .thenRefused({ _tag: 'NoSuchChoice' });
  });
  it('is nobody’s to choose from but the visitor’s', () => {
    given([opened, said(visitor)], [offered])
      .when(alice, { type: 'ChooseAnswer', offer: 3, entry: 'refund' })
      .thenRefused({ _tag: 'RoleMayNot' });
  });
  it('is chosen from once for each client id', () => {
    const choice = { offer: 3, entry: 'refund' };
    given([opened, said(visitor)], [offered], [{ ...said(visitor, 'When do I get my money?', 'c1'), choice } as Fact])
      .when(visitor, { type: 'ChooseAnswer', ...choice }, 'c1')
      .thenDone(4);
  });
});

describe('the assistant that does not answer', () => {
  const refusal = { type: 'RefuseAnswer', basedOn: 2, code: 504, why: 'budget_spent' } as const;

  it('hands over in the same commit, with a word to whoever comes', () => {
    given([opened, said(visitor)])
      .when(assistant, { ...refusal, note: 'what was tried', model: { name: 'm', latencyMs: 3_000 } })
      .thenFacts([
        { type: 'AssistantRefused', code: 504, why: 'budget_spent', model: { name: 'm', latencyMs: 3_000 } },
        { type: 'NoteAdded', text: 'what was tried', by: assistant },
        { type: 'HandoffRequested', reason: 'budget_spent' },
      ]);
  });
  it('says so and stays, where it is told to', () => {
    given([opened, said(visitor)])
      .when(assistant, { ...refusal, text: 'I cannot say' })
      .thenFacts([{ type: 'AssistantRefused' }, { type: 'MessagePosted', author: assistant, text: 'I cannot say' }]);
  });
  it('is too late when a person has taken over', () => {
    given([opened, said(visitor)], [claimedBy(alice)])
      .when(assistant, refusal)
      .thenRefused({ _tag: 'StaleReply', basedOn: 2, since: 3 });
  });
  it('hands over whoever never stops writing, whatever came since, and not what a person has taken over', () => {
    const unceasing = { type: 'HandOff', basedOn: 2, why: 'unceasing' } as const;
    given([opened, said(visitor)], [said(visitor)])
      .when(assistant, unceasing)
      .thenFacts([{ type: 'AssistantDecided', why: 'unceasing' }, { type: 'HandoffRequested' }]);
    given([opened, said(visitor)], [claimedBy(alice)])
      .when(assistant, unceasing)
      .thenRefused({ _tag: 'StaleReply' });
  });
  it('gives one reply to one question, whichever it was', () => {
    given(
      [opened, said(visitor)],
      [
        { type: 'AssistantRefused', basedOn: 2, code: 503, why: 'overloaded', by: assistant, clientId: 'reply-to-2' },
        { type: 'HandoffRequested', by: assistant, clientId: 'reply-to-2', reason: 'overloaded' },
      ],
    )
      .when(assistant, { type: 'Answer', basedOn: 2, text: 'hello' }, 'reply-to-2')
      .thenDone(4);
  });
});
