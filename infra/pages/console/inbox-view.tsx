/** The inbox: tabs, and the sessions of the chosen one. */
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { SessionView } from '../../../events/frames.ts';
import { shortAgo } from '../chat/moment.ts';
import { useNow } from '../chat/use-now.ts';
import type { Desk } from './desk.ts';
import { tabs } from './inbox.ts';
import { authorName, visitorName } from './people.ts';
import type { Words } from './words.ts';

interface InboxViewProps {
  readonly desk: Desk;
  readonly words: Words;
}

export const InboxView = ({ desk, words }: InboxViewProps): VNode => {
  const { inbox, me, tab, conversation } = desk;
  const nowMs = useNow();
  const list = useRef<HTMLUListElement>(null);
  const views = inbox.list(tab, me.sub);

  /** Goes `step` sessions further; from nothing, to the first. */
  const move = (step: number): void => {
    const at = views.findIndex(({ session }) => session === conversation?.session);
    const next = views[at < 0 ? 0 : Math.min(Math.max(at + step, 0), views.length - 1)];
    if (next === undefined) return;
    desk.select(next.session);
    list.current?.querySelector(`#${optionId(next.session)}`)?.scrollIntoView({ block: 'nearest' });
  };
  const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, Home: -views.length, End: views.length };
  const step = useRef((_event: KeyboardEvent): void => undefined);
  step.current = (event) => {
    const far = steps[event.key];
    if (far === undefined) return;
    event.preventDefault();
    move(far);
    list.current?.focus();
  };
  // Whoever has just signed in, or closed a conversation, has the focus nowhere.
  useEffect(() => {
    const whereNobodyIs = (event: KeyboardEvent): void => {
      if (document.activeElement === null || document.activeElement === document.body) step.current(event);
    };
    document.addEventListener('keydown', whereNobodyIs);
    return () => document.removeEventListener('keydown', whereNobodyIs);
  }, []);

  return (
    <nav class="inbox" aria-label={words.inbox}>
      <div class="tabs" role="tablist" aria-label={words.inbox}>
        {tabs.map((each) => {
          const count = inbox.count(each, me.sub);
          return (
            <button
              key={each}
              type="button"
              role="tab"
              id={`tab-${each}`}
              aria-selected={each === tab}
              aria-controls="sessions"
              onClick={() => desk.showTab(each)}
            >
              {words.tabs[each]}
              {count > 0 && <span class="count">{count}</span>}
            </button>
          );
        })}
      </div>
      {views.length === 0 ? (
        <p class="empty" id="sessions">
          {desk.ready ? words.nothingIn[tab] : words.loading}
        </p>
      ) : (
        <ul
          ref={list}
          id="sessions"
          role="listbox"
          tabIndex={0}
          aria-label={words.tabs[tab]}
          aria-activedescendant={conversation === undefined ? undefined : optionId(conversation.session)}
          onKeyDown={(event) => step.current(event)}
        >
          {views.map((view) => (
            <Option
              key={view.session}
              view={view}
              me={me.sub}
              isSelected={view.session === conversation?.session}
              ago={shortAgo(view.activeAt, nowMs, words.language)}
              words={words}
              onSelect={() => desk.select(view.session)}
            />
          ))}
        </ul>
      )}
    </nav>
  );
};

const optionId = (session: string): string => `session-${session}`;

interface OptionProps {
  readonly view: SessionView;
  readonly me: string;
  readonly isSelected: boolean;
  readonly ago: string;
  readonly words: Words;
  readonly onSelect: () => void;
}

const Option = ({ view, me, isSelected, ago, words, onSelect }: OptionProps): VNode => {
  const { session, status, assignee, unanswered, lastMessage, overdue } = view;
  return (
    // The list takes the keys for all of them.
    <li id={optionId(session)} role="option" aria-selected={isSelected} class={`option ${status}`} onClick={onSelect}>
      <span class="who">{visitorName(view, words)}</span>
      <time>{ago}</time>
      <span class="preview">
        {lastMessage === null
          ? words.noMessages
          : lastMessage.author.role === 'visitor'
            ? lastMessage.text
            : `${authorName(lastMessage.author, view, me, words)}: ${lastMessage.text}`}
      </span>
      {unanswered > 0 && status !== 'closed' && (
        <span class="count" title={words.unanswered(unanswered)} aria-label={words.unanswered(unanswered)}>
          {unanswered > 99 ? '99+' : unanswered}
        </span>
      )}
      <span class={overdue === true ? 'status overdue' : `status ${status}`}>
        {overdue === true ? words.overdue : words.statuses[status]}
        {status === 'assigned' && assignee !== null && ` · ${assignee === me ? words.you : assignee}`}
      </span>
    </li>
  );
};
