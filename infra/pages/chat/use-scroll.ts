/** Scrolling of a transcript: it follows what is new, and holds still for whoever reads further up. */
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

/** Pixels from the end that still count as being at the end. */
const NEAR_END_PX = 48;
/** Pixels from the top at which older messages are wanted. */
const NEAR_TOP_PX = 80;

export interface Scrolling {
  readonly box: RefObject<HTMLDivElement | null>;
  /** Whether something new has come below while one reads further up. */
  readonly hasNewBelow: boolean;
  readonly onScroll: () => void;
  readonly toEnd: () => void;
}

export interface ScrollOptions {
  /** Another one means another transcript. */
  readonly transcript: string;
  /** Seq of the first and last line shown; what one has written oneself counts as a line. */
  readonly first: number;
  readonly last: number | string;
  readonly onTop: () => void;
}

export const useScroll = ({ transcript, first, last, onTop }: ScrollOptions): Scrolling => {
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const before = useRef({ transcript, first, last, height: 0 });
  const [hasNewBelow, setHasNewBelow] = useState(false);

  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const was = before.current;
    before.current = { transcript, first, last, height: element.scrollHeight };
    if (was.transcript !== transcript) atEnd.current = true;
    if (atEnd.current) element.scrollTop = element.scrollHeight;
    else if (was.first !== first) element.scrollTop += element.scrollHeight - was.height;
    if (!atEnd.current && was.last !== last) setHasNewBelow(true);
    else if (atEnd.current && hasNewBelow) setHasNewBelow(false);
  });

  // A box that gets smaller, because the field below grows, stays at its end.
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => {
      if (atEnd.current) element.scrollTop = element.scrollHeight;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const onScroll = (): void => {
    const element = box.current;
    if (element === null) return;
    atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX;
    if (atEnd.current && hasNewBelow) setHasNewBelow(false);
    // While a transcript fills, its end is near its top, and nobody has asked for what is older.
    if (element.scrollTop < NEAR_TOP_PX && !atEnd.current) onTop();
  };

  const toEnd = (): void => {
    atEnd.current = true;
    setHasNewBelow(false);
    box.current?.scrollTo({ top: box.current.scrollHeight, behavior: 'smooth' });
  };

  return { box, hasNewBelow, onScroll, toEnd };
};
