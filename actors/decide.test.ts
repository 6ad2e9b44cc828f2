import { describe, expect, it } from 'vitest';
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
