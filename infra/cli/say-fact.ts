/** One fact as a line for people. */
import type { Fact, Person } from '../../events/facts.ts';

export const sayFact = (fact: Fact): string => {
  switch (fact.type) {
    case 'SessionOpened':
      return `— opened for ${fact.visitor.name ?? fact.visitor.id} by ${who(fact.by)}`;
    case 'MessagePosted':
      return `${who(fact.author)}: ${oneLine(fact.text)}`;
    case 'HandoffRequested':
      return `— ${who(fact.by)} asks for a person${because(fact.reason)}`;
    case 'SessionAssigned':
      return `— assigned to ${fact.agent}`;
    case 'SessionTransferred':
      return `— transferred from ${fact.from} to ${fact.to}`;
    case 'SessionReleased':
      return `— released by ${who(fact.by)}`;
    case 'NoteAdded':
      return `[note] ${who(fact.by)}: ${oneLine(fact.text)}`;
    case 'MessagesRead':
      return `— ${who(fact.by)} has read up to ${fact.upTo}`;
    case 'SessionRated':
      return `— rated ${fact.score} of 5${because(fact.comment)}`;
    case 'SessionClosed':
      return `— closed by ${who(fact.by)}${because(fact.reason)}`;
    case 'SessionReopened':
      return `— reopened by ${who(fact.by)}`;
    case 'AssistantDecided':
      return `[assistant] ${fact.outcome}, ${fact.why}, on ${fact.basedOn}${fact.entry === undefined ? '' : `, entry ${fact.entry}`}${fact.confidence === undefined ? '' : `, confidence ${fact.confidence}`}`;
    case 'DeadlinePassed':
      return `[deadline] ${fact.deadline} was due at ${new Date(fact.dueAt).toISOString()}`;
  }
};

const who = ({ role, id }: Person): string => (role === id ? role : `${role} ${id}`);
const because = (reason: string | undefined): string => (reason === undefined ? '' : `: ${oneLine(reason)}`);
/** Control characters would let a stored text write to the reader's terminal. */
const oneLine = (text: string): string => text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ');
