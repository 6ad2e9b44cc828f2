/** What is known of the visitor and the session, beside the transcript where there is room. */
import type { VNode } from 'preact';
import { clockTime } from '../chat/moment.ts';
import { useNow } from '../chat/use-now.ts';
import type { Desk } from './desk.ts';
import { stars, visitorName } from './people.ts';
import type { Words } from './words.ts';

interface AboutProps {
  readonly desk: Desk;
  readonly session: string;
  readonly words: Words;
}

export const About = ({ desk, session, words }: AboutProps): VNode | null => {
  const nowMs = useNow();
  const view = desk.inbox.get(session);
  if (view === undefined) return null;
  const { facts, language } = words;
  const { assignee } = desk.standing;
  const entries: readonly (readonly [string, string])[] = [
    [facts.id, view.visitor.id],
    ...(view.locale === undefined ? [] : [[facts.language, view.locale] as const]),
    [facts.opened, clockTime(view.openedAt, nowMs, language)],
    [facts.assignee, assignee ?? facts.nobody],
    ...(view.score === undefined ? [] : [[facts.score, stars(view.score)] as const]),
    ...Object.entries(view.metadata ?? {}).map(([key, value]) => [key, String(value)] as const),
  ];
  return (
    <aside class="about" aria-label={words.about}>
      <h3>{visitorName(view, words)}</h3>
      <dl>
        {entries.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </aside>
  );
};
