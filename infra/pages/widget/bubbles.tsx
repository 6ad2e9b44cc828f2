/** The widget's transcript: what was said, what happened, what is still on its way. */
import type { VNode } from 'preact';
import type { Conversation } from '../chat/conversation.ts';
import { sayFailure } from '../chat/failure-words.ts';
import type { Language } from '../chat/language.ts';
import { MessageText } from '../chat/message-text.tsx';
import { clockTime } from '../chat/moment.ts';
import type { Outgoing } from '../chat/outgoing.ts';
import type { Line, MessageLine } from '../chat/transcript.ts';
import { useNow } from '../chat/use-now.ts';
import type { Words } from './words.ts';

interface Speaking {
  readonly words: Words;
  readonly language: Language;
}

export const Bubbles = ({ conversation, words, language }: Speaking & { conversation: Conversation }): VNode => {
  const nowMs = useNow();
  const { lines, readByStaff } = conversation.transcript;
  const lastOwn = lines.findLast((line) => line.kind === 'message' && line.author.role === 'visitor')?.seq;
  return (
    <>
      {lines.map((line, index) => (
        <Bubble
          key={line.seq}
          line={line}
          follows={isSameSpeaker(lines[index - 1], line)}
          time={clockTime(line.at, nowMs, language)}
          read={line.seq === lastOwn && readByStaff >= line.seq}
          words={words}
        />
      ))}
      {conversation.outgoing.map((entry) => (
        <OutgoingBubble
          key={`out-${entry.key}`}
          entry={entry}
          conversation={conversation}
          words={words}
          language={language}
        />
      ))}
    </>
  );
};

const isSameSpeaker = (before: Line | undefined, line: Line): boolean =>
  before?.kind === 'message' &&
  line.kind === 'message' &&
  before.author.role === line.author.role &&
  before.author.id === line.author.id;

export const speakerName = ({ role, id }: MessageLine['author'], words: Words): string =>
  role === 'visitor' ? words.you : role === 'assistant' ? words.assistant : id;

interface BubbleProps {
  readonly line: Line;
  readonly follows: boolean;
  readonly time: string;
  readonly read: boolean;
  readonly words: Words;
}

const Bubble = ({ line, follows, time, read, words }: BubbleProps): VNode | null => {
  if (line.kind === 'happening') {
    const said = words.happened(line.event);
    return said === undefined ? null : <p class="happening">{said}</p>;
  }
  if (line.kind === 'note') return null;
  const side = line.author.role === 'visitor' ? 'own' : line.author.role === 'assistant' ? 'assistant' : 'person';
  return (
    <div class={`bubble ${side}${follows ? ' follows' : ''}`}>
      {side !== 'own' && !follows && <span class="speaker">{speakerName(line.author, words)}</span>}
      <p class="text">
        <MessageText text={line.text} />
      </p>
      <span class="under">
        {time}
        {read && ` · ${words.read}`}
      </span>
    </div>
  );
};

interface OutgoingProps extends Speaking {
  readonly entry: Outgoing;
  readonly conversation: Conversation;
}

const OutgoingBubble = ({ entry, conversation, words, language }: OutgoingProps): VNode => (
  <div class={`bubble own ${entry.state}`}>
    <p class="text">{entry.text}</p>
    {entry.state === 'failed' ? (
      <span class="under failed" role="alert">
        {words.failed}: {sayFailure(entry.error, language)}{' '}
        <button type="button" onClick={() => conversation.retry(entry)}>
          {words.retry}
        </button>{' '}
        <button type="button" onClick={() => conversation.discard(entry.key)}>
          {words.discard}
        </button>
      </span>
    ) : (
      <span class="under">{words.sending}…</span>
    )}
  </div>
);
