/** Moments as people write them. */
import type { Language } from './language.ts';

const MINUTE_MS = 60_000;

const isSameDay = (a: Date, b: Date): boolean => a.toDateString() === b.toDateString();

/** The time of a message: with its day when that is not today. */
export const clockTime = (atMs: number, nowMs: number, language: Language): string => {
  const at = new Date(atMs);
  const time = { hour: '2-digit', minute: '2-digit', hour12: false } as const;
  const day = { month: 'short', day: 'numeric' } as const;
  return at.toLocaleString(language, isSameDay(at, new Date(nowMs)) ? time : { ...day, ...time });
};

/** How long ago, for a list: now, minutes, the time today, else the day. */
export const shortAgo = (atMs: number, nowMs: number, language: Language): string => {
  const minutes = Math.floor((nowMs - atMs) / MINUTE_MS);
  if (minutes < 1) return language === 'zh' ? '刚刚' : 'now';
  if (minutes < 60) return language === 'zh' ? `${minutes} 分钟` : `${minutes} min`;
  const at = new Date(atMs);
  if (isSameDay(at, new Date(nowMs))) return clockTime(atMs, nowMs, language);
  return at.toLocaleDateString(language, { month: 'short', day: 'numeric' });
};
