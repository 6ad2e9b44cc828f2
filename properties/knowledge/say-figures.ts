/** Figures as a line for people. */
import type { Figures } from '../../actors/assistant/knowledge/evaluation.ts';

export const sayFigures = (name: string, figures: Figures): string => {
  const { right, wrong, reached, outsideAnswered, outsideOffered } = figures;
  return (
    `${name.padEnd(9)} right ${percent(right)}  wrong ${percent(wrong)}  reached ${percent(reached)}` +
    `  outside: answered ${percent(outsideAnswered)}, offered ${percent(outsideOffered)}`
  );
};

const percent = (share: number): string => `${(share * 100).toFixed(1).padStart(5)} %`;
