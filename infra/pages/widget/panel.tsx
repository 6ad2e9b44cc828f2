/** The open widget: who answers, what was said, where to write. */
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { sayFailure } from '../chat/failure-words.ts';
import type { Language } from '../chat/language.ts';
import { MessageField } from '../chat/message-field.tsx';
import { useScroll } from '../chat/use-scroll.ts';
import { useVisible } from '../chat/use-visible.ts';
import { Bubbles, speakerName } from './bubbles.tsx';
import { Closing } from './closing.tsx';
import type { Visit } from './visit.ts';
import type { Words } from './words.ts';

interface PanelProps {
  readonly visit: Visit;
  readonly words: Words;
  readonly language: Language;
  readonly onClose: () => void;
}

export const Panel = ({ visit, words, language, onClose }: PanelProps): VNode => {
  const { conversation } = visit;
  const [failure, setFailure] = useState<unknown>();
  const status = conversation?.status;
  const lines = conversation?.transcript.lines ?? [];
  const outgoing = conversation?.outgoing ?? [];
  const scrolling = useScroll({
    transcript: conversation?.session ?? '',
    first: lines[0]?.seq ?? 0,
    last: `${lines.at(-1)?.seq ?? 0}/${outgoing.at(-1)?.key ?? 0}/${conversation?.delta.length ?? 0}`,
    onTop: () => undefined,
  });
  const newest = conversation?.transcript.newestNotBy('visitor') ?? 0;
  const isVisible = useVisible();
  useEffect(() => {
    if (isVisible) conversation?.markRead();
  }, [conversation, newest, isVisible]);
  // What was refused is old news once something else has happened.
  useEffect(() => setFailure(undefined), [status]);

  const attempt = (done: Promise<unknown>): void => {
    setFailure(undefined);
    done.catch((error: unknown) => setFailure(error));
  };

  return (
    <section
      class="panel"
      role="dialog"
      aria-label={words.title}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.isComposing) onClose();
      }}
    >
      <header>
        <div>
          <strong>{words.title}</strong>
          <Standing visit={visit} words={words} />
        </div>
        <button type="button" class="icon" aria-label={words.close} onClick={onClose}>
          <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
            <path d="m5 5 10 10M15 5 5 15" stroke="currentColor" stroke-width="2" stroke-linecap="round" />
          </svg>
        </button>
      </header>
      <div
        class="lines"
        ref={scrolling.box}
        onScroll={scrolling.onScroll}
        role="log"
        aria-live="polite"
        aria-label={words.title}
        tabIndex={0}
      >
        <div class="bubble assistant">
          <p class="text">{words.greeting}</p>
        </div>
        {conversation !== undefined && (
          <Bubbles
            conversation={conversation}
            words={words}
            language={language}
            onChoose={(offer, entry) => attempt(conversation.choose(offer, entry))}
          />
        )}
        {visit.waiting.map((text, index) => (
          <div key={index} class="bubble own pending">
            <p class="text">{text}</p>
            <span class="under">{visit.failure === undefined ? `${words.sending}…` : words.failed}</span>
          </div>
        ))}
        <Writing visit={visit} words={words} />
      </div>
      {scrolling.hasNewBelow && (
        <button type="button" class="below" onClick={scrolling.toEnd}>
          ↓ {words.newBelow}
        </button>
      )}
      {visit.failure !== undefined && (
        <p class="trouble" role="alert">
          {sayFailure(visit.failure, language)}{' '}
          <button type="button" onClick={() => void visit.open()}>
            {words.retry}
          </button>
        </p>
      )}
      {failure !== undefined && (
        <p class="trouble" role="alert">
          {sayFailure(failure, language)}
        </p>
      )}
      {status === 'closed' ? (
        <Closing visit={visit} words={words} language={language} />
      ) : (
        <footer>
          <MessageField
            label={words.label}
            placeholder={words.placeholder}
            sendLabel={words.send}
            autoFocus
            onSend={(text) => {
              visit.say(text);
              scrolling.toEnd();
            }}
            onTyping={(on) => conversation?.signalTyping(on)}
          />
          {conversation !== undefined && status !== undefined && (
            <div class="asides">
              {status === 'assistant' && (
                <button type="button" onClick={() => attempt(conversation.do({ type: 'RequestHandoff' }))}>
                  {words.askPerson}
                </button>
              )}
              <button type="button" onClick={() => attempt(conversation.do({ type: 'CloseSession' }))}>
                {words.endChat}
              </button>
            </div>
          )}
        </footer>
      )}
    </section>
  );
};

/** Who answers, or why nobody does. */
const Standing = ({ visit, words }: { visit: Visit; words: Words }): VNode => {
  const { conversation, connection } = visit;
  const status = conversation?.status;
  const said =
    conversation !== undefined && connection !== 'open'
      ? words.connecting
      : status === 'queued'
        ? words.waitingForPerson
        : status === 'assigned'
          ? words.personHere(conversation?.assignee ?? '')
          : status === 'closed'
            ? words.over
            : words.assistantHere;
  return (
    <span
      class={`standing ${conversation !== undefined && connection !== 'open' ? 'connecting' : (status ?? 'new')}`}
      role="status"
    >
      {said}
    </span>
  );
};

/** Who is writing, and the assistant's words as they come. */
const Writing = ({ visit, words }: { visit: Visit; words: Words }): VNode | null => {
  const { conversation } = visit;
  if (conversation === undefined) return null;
  if (conversation.delta !== '')
    return (
      <div class="bubble assistant">
        <span class="speaker">{words.assistant}</span>
        <p class="text">{conversation.delta}</p>
      </div>
    );
  const [author] = conversation.typing;
  if (author === undefined) return null;
  return (
    <div class="writing" role="status">
      <span class="dots" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      {words.typing(speakerName(author, words))}
    </div>
  );
};
