/** The widget's transcript: what was said, what happened, what is still on its way. */
import type { VNode } from 'preact';
import type { Conversation } from '../chat/conversation.ts';
import { sayFailure } from '../chat/failure-words.ts';
import type { Language } from '../chat/language.ts';
import { MessageText } from '../chat/message-text.tsx';
import { clockTime } from '../chat/moment.ts';
import type { Outgoing } from '../chat/outgoing.ts';
import { isSaid, type Line, type MessageLine, type OfferLine } from '../chat/transcript.ts';
import { useNow } from '../chat/use-now.ts';
import type { Words } from './words.ts';

interface Speaking {
  readonly words: Words;
  readonly language: Language;
}

interface BubblesProps extends Speaking {
  readonly conversation: Conversation;
  readonly onChoose: (offer: number, entry: string) => void;
}

export const Bubbles = ({ conversation, words, language, onChoose }: BubblesProps): VNode => {
  const nowMs = useNow();
  const { lines, readByStaff, openOffer } = conversation.transcript;
  const canChoose = conversation.status === 'assistant' && conversation.outgoing.length === 0;
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
          onChoose={canChoose && line.seq === openOffer ? onChoose : undefined}
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
  before !== undefined &&
  isSaid(before) &&
  isSaid(line) &&
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
  /** Only where there is something to choose. */
  readonly onChoose: BubblesProps['onChoose'] | undefined;
}

const Bubble = ({ line, follows, time, read, words, onChoose }: BubbleProps): VNode | null => {
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
      {line.kind === 'offer' && <Choices line={line} onChoose={onChoose} />}
      <span class="under">
        {time}
        {read && ` · ${words.read}`}
      </span>
    </div>
  );
};

/** Questions to choose from, as long as they can be. */
const Choices = ({ line, onChoose }: { line: OfferLine; onChoose: BubblesProps['onChoose'] | undefined }): VNode => (
  <div class="choices">
    {line.choices.map(({ entry, question }) => (
      <button key={entry} type="button" disabled={onChoose === undefined} onClick={() => onChoose?.(line.seq, entry)}>
        {question}
      </button>
    ))}
  </div>
);

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
