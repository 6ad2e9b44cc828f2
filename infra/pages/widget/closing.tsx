/** The end of a conversation: a rating, and how to go on. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { sayFailure } from '../chat/failure-words.ts';
import type { Language } from '../chat/language.ts';
import type { Visit } from './visit.ts';
import type { Words } from './words.ts';

const SCORES = [1, 2, 3, 4, 5] as const;

export const Closing = ({ visit, words, language }: { visit: Visit; words: Words; language: Language }): VNode => {
  const [failure, setFailure] = useState<unknown>();
  const [looked, setLooked] = useState(0);
  const attempt = (done: Promise<unknown>): void => {
    setFailure(undefined);
    done.catch((error: unknown) => setFailure(error));
  };
  return (
    <div class="closing">
      {visit.rated ? (
        <p class="thanks">{words.rated}</p>
      ) : (
        <fieldset class="stars" onMouseLeave={() => setLooked(0)}>
          <legend>{words.rate}</legend>
          {SCORES.map((score) => (
            <button
              key={score}
              type="button"
              class={score <= looked ? 'lit' : ''}
              aria-label={words.score(score)}
              title={words.score(score)}
              onMouseEnter={() => setLooked(score)}
              onFocus={() => setLooked(score)}
              onClick={() => attempt(visit.rate(score))}
            >
              ★
            </button>
          ))}
        </fieldset>
      )}
      <div class="onward">
        <button type="button" onClick={() => attempt(visit.reopen())}>
          {words.goOn}
        </button>
        <button type="button" class="quiet" onClick={() => visit.startAnew()}>
          {words.startAnew}
        </button>
      </div>
      {failure !== undefined && (
        <p class="trouble" role="alert">
          {sayFailure(failure, language)}
        </p>
      )}
    </div>
  );
};
