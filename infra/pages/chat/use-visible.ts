/** Whether anybody can be looking: what comes to a tab in the background has not been read. */
import { useEffect, useState } from 'preact/hooks';

const isVisible = (): boolean => document.visibilityState === 'visible';

export const useVisible = (): boolean => {
  const [visible, setVisible] = useState(isVisible);
  useEffect(() => {
    const look = (): void => setVisible(isVisible());
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, []);
  return visible;
};
