/** Signed in or not, and in which language. */
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { firstLanguage, keepLanguage, otherLanguage } from '../chat/language.ts';
import { type Credentials, forgetCredentials, keptCredentials, signInWithCode } from './credentials.ts';
import { Desk } from './desk.ts';
import { DeskView } from './desk-view.tsx';
import { SignIn } from './sign-in.tsx';
import { wordsIn } from './words.ts';

export interface ConsoleProps {
  /** From the sign-in link. */
  readonly code: { readonly code: string; readonly name: string | undefined } | undefined;
}

export const Console = ({ code }: ConsoleProps): VNode => {
  const [language, setLanguage] = useState(firstLanguage);
  const [desk, setDesk] = useState<Desk>();
  const [failure, setFailure] = useState<unknown>();
  const [isBusy, setBusy] = useState(code !== undefined);
  const words = wordsIn(language);

  useEffect(() => {
    document.documentElement.lang = language;
    keepLanguage(language);
  }, [language]);

  const enter = (credentials: Credentials): void => {
    desk?.close();
    setFailure(undefined);
    setDesk(new Desk(credentials));
  };
  const leave = (why?: unknown): void => {
    desk?.close();
    forgetCredentials();
    setFailure(why);
    setDesk(undefined);
  };
  const attempt = (signing: Promise<Credentials>): void => {
    setBusy(true);
    signing.then(enter, (error: unknown) => setFailure(error)).finally(() => setBusy(false));
  };

  useEffect(() => {
    if (code !== undefined) {
      attempt(signInWithCode(code.code, code.name));
      return;
    }
    const kept = keptCredentials();
    if (kept !== undefined) enter(kept);
  }, []);

  const toggleLanguage = (): void => setLanguage(otherLanguage(language));
  return desk === undefined ? (
    <SignIn words={words} failure={failure} isBusy={isBusy} onAttempt={attempt} onLanguage={toggleLanguage} />
  ) : (
    <DeskView
      key={desk.me.token}
      desk={desk}
      words={words}
      onLanguage={toggleLanguage}
      onLeave={leave}
      onRename={(name) => attempt(signInWithCode(desk.me.code ?? '', name))}
    />
  );
};
