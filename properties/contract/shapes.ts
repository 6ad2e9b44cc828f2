/** What an expected value may leave open, with the type of what stands there. */
import { expect } from 'vitest';

export const anyNumber = expect.any(Number) as number;
export const anyText = expect.any(String) as string;
export const textLike = (pattern: RegExp): string => expect.stringMatching(pattern) as string;
export const textWith = (part: string): string => expect.stringContaining(part) as string;
export const objectWith = <T extends object>(part: object): T => expect.objectContaining(part) as T;
