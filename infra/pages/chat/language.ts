/** Which language the page speaks: the one chosen, else the browser's. */

export type Language = 'zh' | 'en';

const KEY = 'kefu.language';

export const firstLanguage = (): Language => {
  const chosen = readStored(KEY);
  if (chosen === 'zh' || chosen === 'en') return chosen;
  return /^zh\b/i.test(navigator.language) ? 'zh' : 'en';
};

export const keepLanguage = (language: Language): void => writeStored(KEY, language);

export const otherLanguage = (language: Language): Language => (language === 'zh' ? 'en' : 'zh');

/** Storage can be forbidden, as in private windows and foreign frames; then nothing is kept. */
export const readStored = (key: string, storage: () => Storage = () => localStorage): string | null => {
  try {
    return storage().getItem(key);
  } catch {
    return null;
  }
};

/** `null` removes what is kept. */
export const writeStored = (key: string, value: string | null, storage: () => Storage = () => localStorage): void => {
  try {
    if (value === null) storage().removeItem(key);
    else storage().setItem(key, value);
  } catch {
    // Not kept, and that is all.
  }
};
