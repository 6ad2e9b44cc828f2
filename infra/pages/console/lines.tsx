/** The transcript's lines: bubbles, notes that are visibly for staff, and what happened in between. */
import type { VNode } from 'preact';
import type { SessionView } from '../../../events/frames.ts';
import type { Conversation } from '../chat/conversation.ts';
import { sayFailure } from '../chat/failure-words.ts';
import { MessageText } from '../chat/message-text.tsx';
import { clockTime } from '../chat/moment.ts';
import type { Outgoing } from '../chat/outgoing.ts';
import { isSaid, type Line } from '../chat/transcript.ts';
import { useNow } from '../chat/use-now.ts';
import { authorName } from './people.ts';
import type { Words } from './words.ts';

interface LinesProps {
  readonly conversation: Conversation;
  readonly view: SessionView | undefined;
  readonly me: string;
  readonly words: Words;
}

export const Lines = ({ conversation, view, me, words }: LinesProps): VNode => {
  const nowMs = useNow();
  const { lines, readByVisitor } = conversation.transcript;
  const lastOwn = lines.findLast((line) => isSaid(line) && line.author.role !== 'visitor')?.seq;
  return (
    <>
      {lines.map((line, index) => (
        <LineView
          key={line.seq}
          line={line}
          name={line.kind === 'happening' ? '' : authorName(line.author, view, me, words)}
          follows={isSameSpeaker(lines[index - 1], line)}
          time={clockTime(line.at, nowMs, words.language)}
          read={line.seq === lastOwn && readByVisitor >= line.seq}
          words={words}
        />
      ))}
      {conversation.outgoing.map((entry) => (
        <OutgoingLine key={`out-${entry.key}`} entry={entry} conversation={conversation} words={words} />
      ))}
    </>
  );
};

const isSameSpeaker = (before: Line | undefined, line: Line): boolean =>
  before !== undefined &&
  isSaid(before) &&
  isSaid(line) &&
  before.author.role === line.author.role &&
  before.author.id === line.author.id;

interface LineViewProps {
  readonly line: Line;
  readonly name: string;
  /** Whether the line above is by the same person. */
  readonly follows: boolean;
  readonly time: string;
  readonly read: boolean;
  readonly words: Words;
}

const LineView = ({ line, name, follows, time, read, words }: LineViewProps): VNode | null => {
  switch (line.kind) {
    case 'happening': {
      const said = words.happened(line.event);
      if (said === undefined) return null;
      return TRAIL.has(line.event.type) ? (
        <p class="trail">{said}</p>
      ) : (
        <p class="happening">
          {said} <time>{time}</time>
        </p>
      );
    }
    case 'note':
      return (
        <div class="note">
          <span class="speaker">
            <strong>{words.staffOnly}</strong> · {name} · <time>{time}</time>
          </span>
          <p class="text">
            <MessageText text={line.text} />
          </p>
        </div>
      );
    case 'offer':
    case 'message':
      return (
        <div class={`bubble ${sideOf(line.author.role)}${follows ? ' follows' : ''}`}>
          {!follows && (
            <span class="speaker">
              {name} · <time>{time}</time>
            </span>
          )}
          <p class="text" title={time}>
            <MessageText text={line.text} />
          </p>
          {line.kind === 'offer' && (
            <ul class="choices" aria-label={words.offered}>
              {line.choices.map(({ entry, question }) => (
                <li key={entry}>{question}</li>
              ))}
            </ul>
          )}
          {read && <span class="under">{words.read}</span>}
        </div>
      );
  }
};

/** What is told of the assistant and of time, and is for staff alone. */
const TRAIL: ReadonlySet<string> = new Set(['AssistantDecided', 'AssistantRefused', 'DeadlinePassed']);

/** The visitor stands on the left; whoever answers, on the right. */
const sideOf = (role: string): string =>
  role === 'visitor' ? 'visitor' : role === 'assistant' ? 'assistant' : 'agent';

interface OutgoingLineProps {
  readonly entry: Outgoing;
  readonly conversation: Conversation;
  readonly words: Words;
}

const OutgoingLine = ({ entry, conversation, words }: OutgoingLineProps): VNode => (
  <div class={`${entry.kind === 'note' ? 'note' : 'bubble agent'} ${entry.state}`}>
    <p class="text">{entry.text}</p>
    {entry.state === 'failed' ? (
      <span class="under" role="alert">
        {words.failed}: {sayFailure(entry.error, words.language)}{' '}
        <button type="button" class="plain" onClick={() => conversation.retry(entry)}>
          {words.retry}
        </button>{' '}
        <button type="button" class="plain" onClick={() => conversation.discard(entry.key)}>
          {words.discard}
        </button>
      </span>
    ) : (
      <span class="under">{words.sending}…</span>
    )}
  </div>
);
