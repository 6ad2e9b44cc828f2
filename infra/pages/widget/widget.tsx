/** The visitor's widget: a round button that opens a panel. */
import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Language } from '../chat/language.ts';
import { useStore } from '../chat/store.ts';
import { isSaid } from '../chat/transcript.ts';
import { Panel } from './panel.tsx';
import type { Visit } from './visit.ts';
import { wordsIn } from './words.ts';

export interface WidgetProps {
  readonly visit: Visit;
  readonly language: Language;
  /** Whether the panel is open is the embedding page's to say, too. */
  readonly isOpen: boolean;
  readonly onOpen: (isOpen: boolean) => void;
}

export const Widget = ({ visit, language, isOpen, onOpen }: WidgetProps): VNode => {
  useStore(visit);
  const words = wordsIn(language);
  const unread = useUnread(visit, isOpen);
  const opener = useRef<HTMLButtonElement>(null);
  const close = (): void => {
    onOpen(false);
    opener.current?.focus();
  };
  return (
    <div class="kefu" lang={language}>
      {isOpen && <Panel visit={visit} words={words} language={language} onClose={close} />}
      <button
        ref={opener}
        type="button"
        class="opener"
        aria-expanded={isOpen}
        aria-label={
          unread > 0 && !isOpen ? `${words.open} (${words.unread(unread)})` : isOpen ? words.close : words.open
        }
        onClick={() => onOpen(!isOpen)}
      >
        <svg viewBox="0 0 24 24" width="26" height="26" aria-hidden="true" fill="none">
          {isOpen ? (
            <path d="m6 9 6 6 6-6" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" />
          ) : (
            <path
              d="M4 5.5h16v10.5H10.5L6 19.5V16H4z"
              stroke="currentColor"
              stroke-width="2"
              stroke-linejoin="round"
              fill="none"
            />
          )}
        </svg>
        {unread > 0 && !isOpen && (
          <span class="count" aria-hidden="true">
            {unread > 99 ? '99+' : unread}
          </span>
        )}
      </button>
    </div>
  );
};

/** Messages that came while the panel was closed, since it was last open; what was there at first counts as read. */
const useUnread = ({ conversation }: Visit, isOpen: boolean): number => {
  const [seenSeq, setSeenSeq] = useState<number>();
  const newest = conversation?.transcript.newestNotBy('visitor') ?? 0;
  const joined = conversation?.joined === true;
  const read = conversation?.transcript.readByVisitor ?? 0;
  useEffect(() => {
    if (isOpen) setSeenSeq(newest);
  }, [isOpen, newest]);
  if (!joined) return 0;
  const seen = Math.max(seenSeq ?? 0, read);
  const lines = conversation?.transcript.lines ?? [];
  return lines.filter((line) => line.seq > seen && isSaid(line) && line.author.role !== 'visitor').length;
};
