/**
 * A model's words as plain text. Whoever shows a message may take it for HTML or Markdown; what comes from a model is text
 * and nothing else: no tags, no links that hide where they lead, no control characters.
 */

/** Besides line breaks and tabs nothing of these is text; among them what turns the direction of writing around. */
const UNSEEN = /(?![\n\t])\p{Cc}|[\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/gu;
/** Of tags only the names that pages know: `a < b` and `<订单号>` are text. */
const TAG =
  /<\/?(?:a|abbr|audio|b|blockquote|body|br|button|code|details|div|em|embed|font|form|h[1-6]|head|hr|html|i|iframe|img|input|ins|kbd|li|link|mark|math|meta|object|ol|p|pre|q|s|samp|script|small|source|span|strike|strong|style|sub|summary|sup|svg|table|tbody|td|template|textarea|tfoot|th|thead|title|tr|tt|u|ul|video)\b[^<>]*>/giu;
const COMMENT = /<!(?:--|\[)[^<>]*>/gu;

/** A line of Markdown without its marks. */
const plainLine = (line: string): string =>
  line
    .replace(/^\s{0,3}#{1,6}\s+/u, '')
    .replace(/^\s{0,3}>\s?/u, '')
    .replaceAll(/!?\[([^[\]]*)\]\(([^()\s]+)[^()]*\)/gu, (_, label: string, address: string) =>
      label === '' || label === address ? address : `${label} (${address})`,
    )
    .replaceAll(/(\*\*\*|\*\*|__|~~)(?=\S)(.+?)(?<=\S)\1/gu, '$2')
    .replaceAll(/(?<![\p{L}\p{N}*])\*(?=\S)([^*]+?)(?<=\S)\*(?![\p{L}\p{N}*])/gu, '$1')
    .replaceAll(/(?<![\p{L}\p{N}_])_(?=\S)([^_]+?)(?<=\S)_(?![\p{L}\p{N}_])/gu, '$1')
    .replaceAll(/`+([^`]+)`+/gu, '$1')
    .replace(/^(\s*)[*+]\s+/u, '$1- ');

export const plainText = (text: string): string => {
  let bare = text.replaceAll(/\r\n?/g, '\n').replaceAll(UNSEEN, '');
  // Taking a tag or a mark away can put another together.
  for (let before: string | undefined; before !== bare; ) {
    before = bare;
    bare = withoutMarks(bare.replaceAll(COMMENT, '').replaceAll(TAG, ''));
  }
  return bare;
};

const withoutMarks = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !/^\s*(?:```|~~~)/u.test(line) && !/^\s*(?:[-*_]\s*){3,}$/u.test(line))
    .map((line) => plainLine(line).trimEnd())
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();

/** Cuts between code points, so that no half of a pair is said. */
export const cutTo = (text: string, charsMax: number): string => {
  if (text.length <= charsMax) return text;
  const cut = charsMax - 1;
  const splitsPair = (text.codePointAt(cut - 1) ?? 0) > 0xffff;
  return `${text.slice(0, splitsPair ? cut - 1 : cut).trimEnd()}…`;
};

/** What may be the beginning of a mark or a tag. */
const MARK = /[*_~`[<]|!(?=[[<]|$)|^[\s\-+#>=]/u;

/**
 * The same for text that streams, for whoever looks on: of the line that is being written only what no mark can change any
 * more. What is said in the end is what {@link plainText} makes of the whole.
 */
export class PlainStream {
  /** The line that is being written, and what of it is shown. */
  #line = '';
  #shown = '';
  /** Line breaks to show before the next text. */
  #breaks = 0;
  #isBegun = false;

  /** What can be shown in addition now. */
  push(piece: string): string {
    const lines = (this.#line + piece.replaceAll('\r', '').replaceAll(UNSEEN, '')).split('\n');
    this.#line = lines.pop() ?? '';
    let more = '';
    for (const line of lines) {
      more += this.#show(plainText(line));
      this.#shown = '';
      this.#breaks = Math.min(2, this.#breaks + 1);
    }
    const mark = MARK.exec(this.#line)?.index ?? this.#line.length;
    return more + this.#show(this.#line.slice(0, mark).trimEnd());
  }

  #show(line: string): string {
    if (line.length <= this.#shown.length || !line.startsWith(this.#shown)) return '';
    const more = (this.#isBegun ? '\n'.repeat(this.#breaks) : '') + line.slice(this.#shown.length);
    this.#shown = line;
    this.#breaks = 0;
    this.#isBegun = true;
    return more;
  }
}
