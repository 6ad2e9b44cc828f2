/** One fact as a line for people. */
import type { ModelUse, Trail } from '../../events/assistant.ts';
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
      return `[assistant] ${fact.outcome}, ${fact.why}, on ${fact.basedOn}${trailOf(fact)}`;
    case 'AssistantRefused':
      return `[assistant] refused with ${fact.code}, ${fact.why}, on ${fact.basedOn}${trailOf(fact)}`;
    case 'ChoicesOffered':
      return `${who(fact.by)}: ${oneLine(fact.text)} ${fact.choices.map(({ question }) => `[${oneLine(question)}]`).join(' ')}`;
    case 'DeadlinePassed':
      return `[deadline] ${fact.deadline} was due at ${new Date(fact.dueAt).toISOString()}`;
  }
};

/** What the assistant had in hand, as far as it is told. */
const trailOf = ({ entry, revision, confidence, model, passages }: Trail): string =>
  [
    entry === undefined ? '' : `entry ${oneLine(entry)}`,
    revision === undefined ? '' : `revision ${oneLine(revision)}`,
    confidence === undefined ? '' : `confidence ${confidence}`,
    model === undefined ? '' : `model ${oneLine(model.name)} in ${model.latencyMs} ms${tokensOf(model)}`,
    passages === undefined ? '' : `given ${passages.map((passage) => oneLine(passage.entry)).join(' ')}`,
  ]
    .filter((part) => part !== '')
    .map((part) => `, ${part}`)
    .join('');

const tokensOf = ({ promptTokens, completionTokens }: ModelUse): string =>
  promptTokens === undefined && completionTokens === undefined
    ? ''
    : ` for ${promptTokens ?? '?'} + ${completionTokens ?? '?'} tokens`;

const who = ({ role, id }: Person): string => (role === id ? role : `${role} ${id}`);
const because = (reason: string | undefined): string => (reason === undefined ? '' : `: ${oneLine(reason)}`);
/** Control characters would let a stored text write to the reader's terminal. */
const oneLine = (text: string): string => text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ');
