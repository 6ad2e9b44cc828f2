/** The open conversation: what one can do with it, its transcript, where to write. */
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Conversation } from '../chat/conversation.ts';
import { sayFailure } from '../chat/failure-words.ts';
import { useScroll } from '../chat/use-scroll.ts';
import { useVisible } from '../chat/use-visible.ts';
import { abilitiesOf } from './abilities.ts';
import { Actions } from './actions.tsx';
import { Composer } from './composer.tsx';
import type { Desk } from './desk.ts';
import { Lines } from './lines.tsx';
import { authorName, visitorName } from './people.ts';
import type { Words } from './words.ts';

interface ConversationViewProps {
  readonly desk: Desk;
  readonly conversation: Conversation;
  readonly words: Words;
}

export const ConversationView = ({ desk, conversation, words }: ConversationViewProps): VNode => {
  const { me, standing } = desk;
  const { session, transcript, outgoing, typing, delta } = conversation;
  const view = desk.inbox.get(session);
  const abilities = abilitiesOf(standing, me);
  const scrolling = useScroll({
    transcript: session,
    first: transcript.lines[0]?.seq ?? 0,
    last: `${transcript.lines.at(-1)?.seq ?? 0}/${outgoing.at(-1)?.key ?? 0}/${delta.length}`,
    onTop: () => void conversation.loadOlder(),
  });
  const newest = transcript.newestNotBy(me.role);
  const isVisible = useVisible();
  // Who only looks in has not read it for the visitor.
  useEffect(() => {
    if (abilities.reply && isVisible) conversation.markRead();
  }, [newest, abilities.reply, isVisible]);
  const failure = conversation.refusal ?? desk.failure;

  return (
    <main class="conversation" aria-label={view === undefined ? session : visitorName(view, words)}>
      <header>
        <button type="button" class="plain back" aria-label={words.back} onClick={() => desk.select(undefined)}>
          ←
        </button>
        <h2>{view === undefined ? session : visitorName(view, words)}</h2>
        {standing.status !== undefined && (
          <span class={`status ${standing.status}`}>
            {words.statuses[standing.status]}
            {standing.status === 'assigned' &&
              ` · ${standing.assignee === me.sub ? words.you : (standing.assignee ?? '')}`}
          </span>
        )}
        <span class="spring" />
        <Actions desk={desk} abilities={abilities} words={words} />
      </header>
      <div class="reading-room">
        <div
          class="lines"
          ref={scrolling.box}
          onScroll={scrolling.onScroll}
          role="log"
          aria-live="polite"
          aria-label={words.transcript}
          tabIndex={0}
        >
          {conversation.loadingOlder && <p class="happening">{words.older}</p>}
          <Lines conversation={conversation} view={view} me={me.sub} words={words} />
          {delta !== '' && (
            <div class="bubble assistant pending">
              <span class="speaker">{words.assistant}</span>
              <p class="text">{delta}</p>
            </div>
          )}
          {typing.map((author) => (
            <p key={`${author.role}/${author.id}`} class="writing" role="status">
              {words.typing(authorName(author, view, me.sub, words))}
            </p>
          ))}
        </div>
        {scrolling.hasNewBelow && (
          <button type="button" class="below" onClick={scrolling.toEnd}>
            ↓ {words.newBelow}
          </button>
        )}
      </div>
      {failure !== undefined && (
        <p class="trouble" role="alert">
          <span>{sayFailure(failure, words.language)}</span>
          <button type="button" class="plain" aria-label={words.dismiss} onClick={() => desk.dismissFailure()}>
            ✕
          </button>
        </p>
      )}
      <Composer
        desk={desk}
        conversation={conversation}
        abilities={abilities}
        standing={standing}
        words={words}
        onSent={scrolling.toEnd}
      />
    </main>
  );
};
