/** The form for a token, where no link has signed the agent in. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { sayFailure } from '../chat/failure-words.ts';
import { type Credentials, signInWithToken } from './credentials.ts';
import type { Words } from './words.ts';

interface SignInProps {
  readonly words: Words;
  readonly failure: unknown;
  readonly isBusy: boolean;
  readonly onAttempt: (signing: Promise<Credentials>) => void;
  readonly onLanguage: () => void;
}

export const SignIn = ({ words, failure, isBusy, onAttempt, onLanguage }: SignInProps): VNode => {
  const [token, setToken] = useState('');
  return (
    <main class="sign-in">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (token.trim() !== '') onAttempt(signInWithToken(token.trim()));
        }}
      >
        <h1>
          <span class="mark" aria-hidden="true">
            客
          </span>
          {words.console}
        </h1>
        <p>{words.signInHint}</p>
        <label>
          {words.token}
          <input
            type="password"
            autocomplete="off"
            spellcheck={false}
            value={token}
            onInput={(event) => setToken(event.currentTarget.value)}
          />
        </label>
        {failure !== undefined && (
          <p class="trouble" role="alert">
            {sayFailure(failure, words.language)}
          </p>
        )}
        <div class="row">
          <button type="submit" class="primary" disabled={isBusy || token.trim() === ''}>
            {isBusy ? words.loading : words.signIn}
          </button>
          <button type="button" class="plain" onClick={onLanguage}>
            {words.otherLanguage}
          </button>
        </div>
      </form>
    </main>
  );
};
