/** Numbers, bars and quotes for a page of fixed-width characters, on which a Chinese character is as wide as two others. */

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u;
/** Marks that stand on the character before them. */
const NARROW = /[\p{Mn}\p{Me}\p{Cf}]/u;

const widthOf = (char: string): number => (NARROW.test(char) ? 0 : WIDE.test(char) ? 2 : 1);

/** On one line, no wider than so many columns, without what could write to the reader's terminal. */
export const quoted = (text: string, columns: number): string => {
  const line = text.replaceAll(/[\p{Cc}\u2028\u2029\s]+/gu, ' ').trim();
  let width = 0;
  let cut = '';
  for (const char of line) {
    width += widthOf(char);
    if (width > columns - 3) return `“${cut.trimEnd()}…”`;
    cut += char;
  }
  return `“${line}”`;
};

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A share of 0 to 1 as a bar; whatever is not nothing is seen. */
export const bar = (share: number, columns: number): string => {
  const eighths = share <= 0 ? 0 : Math.max(1, Math.round(Math.min(1, share) * columns * 8));
  return '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '');
};

export const number = (count: number): string => String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');

export const percent = (count: number, all: number): string =>
  count === 0 || all === 0 ? '' : `${((100 * count) / all).toFixed(1)} %`;

/** `+12`, `−3`, and nothing where nothing changes. */
export const signed = (change: number): string =>
  change === 0 ? '' : change > 0 ? `+${number(change)}` : `−${number(-change)}`;

/** Two units at most: `350 ms`, `4.2 s`, `1 min 20 s`, `3 h 5 min`. */
export const duration = (ms: number): string => {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1_000).toFixed(ms < 9_950 ? 1 : 0)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3_600) return both(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  const minutes = Math.round(seconds / 60);
  return minutes < 1_440
    ? both(Math.floor(minutes / 60), 'h', minutes % 60, 'min')
    : both(Math.floor(minutes / 1_440), 'd', Math.floor((minutes % 1_440) / 60), 'h');
};

const both = (large: number, unit: string, small: number, smaller: string): string =>
  small === 0 ? `${large} ${unit}` : `${large} ${unit} ${small} ${smaller}`;
