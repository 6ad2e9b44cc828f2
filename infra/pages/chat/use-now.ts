/** The present moment, for what is shown as "3 min". */
import { useEffect, useState } from 'preact/hooks';
import { realAmbient } from '../../client/index.ts';

const REFRESH_EVERY_MS = 30_000;

/** Unix milliseconds, renewed every half minute. */
export const useNow = (): number => {
  const [nowMs, setNowMs] = useState(() => realAmbient.nowMs());
  useEffect(() => {
    let cancel = (): void => undefined;
    const tick = (): void => {
      setNowMs(realAmbient.nowMs());
      cancel = realAmbient.later(REFRESH_EVERY_MS, tick);
    };
    cancel = realAmbient.later(REFRESH_EVERY_MS, tick);
    return () => cancel();
  }, []);
  return nowMs;
};
