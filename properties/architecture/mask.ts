/**
 * Blanks out what is not code, so that a rule can search a file without being fooled by its comments and strings.
 *
 * The result is as long as the text and keeps its line ends, so an offset in one is an offset in the other. Quotes stay;
 * what is between them becomes spaces. Code inside `${}` of a template stays code. Telling a regular expression from a
 * division is a guess by what stands before it, good enough for formatted source.
 */
export const maskNonCode = (text: string): string => {
  let masked = '';
  /** For each open `${`, how many braces are open inside it. */
  const templates: number[] = [];

  const keep = (length: number): void => {
    masked += text.slice(masked.length, masked.length + length);
  };
  const blankTo = (end: number): void => {
    masked += text.slice(masked.length, end).replace(/[^\n]/g, ' ');
  };
  const blankTemplate = (): void => {
    const end = endOfTemplatePart(text, masked.length);
    blankTo(end);
    if (text.startsWith('${', end)) {
      keep(2);
      templates.push(0);
    } else {
      keep(1);
    }
  };

  while (masked.length < text.length) {
    const at = masked.length;
    const char = text[at] ?? '';
    const depth = templates.at(-1);
    if (text.startsWith('//', at)) {
      blankTo(endOr(text, text.indexOf('\n', at)));
    } else if (text.startsWith('/*', at)) {
      const close = text.indexOf('*/', at + 2);
      blankTo(close < 0 ? text.length : close + 2);
    } else if (char === "'" || char === '"') {
      keep(1);
      blankTo(endOfQuoted(text, at + 1, char));
      if (text[masked.length] === char) keep(1);
    } else if (char === '`') {
      keep(1);
      blankTemplate();
    } else if (char === '/' && mayBeginRegex(masked, text[at + 1])) {
      keep(1);
      blankTo(endOfRegex(text, at + 1));
      keep(1);
    } else if (char === '}' && depth === 0) {
      templates.pop();
      keep(1);
      blankTemplate();
    } else {
      if (depth !== undefined && char === '{') templates[templates.length - 1] = depth + 1;
      if (depth !== undefined && char === '}') templates[templates.length - 1] = depth - 1;
      keep(1);
    }
  }
  return masked;
};

const endOr = (text: string, end: number): number => (end < 0 ? text.length : end);

/** A quoted string ends at its line's end at the latest: an apostrophe in the text of a page opens no string. */
const endOfQuoted = (text: string, from: number, quote: string): number => {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === quote || text[at] === '\n') return at;
  }
  return text.length;
};

const endOfTemplatePart = (text: string, from: number): number => {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '`' || text.startsWith('${', at)) return at;
  }
  return text.length;
};

const endOfRegex = (text: string, from: number): number => {
  let inClass = false;
  for (let at = from; at < text.length; at += 1) {
    const char = text[at];
    if (char === '\\') at += 1;
    else if (char === '[') inClass = true;
    else if (char === ']') inClass = false;
    else if (char === '\n' || (char === '/' && !inClass)) return at;
  }
  return text.length;
};

/** After a value a slash divides; after an operator, an opening bracket or a keyword it begins a regular expression. */
const mayBeginRegex = (before: string, next: string | undefined): boolean => {
  // `</` and `/>` close an element of a page.
  if (before.endsWith('<') || next === '>') return false;
  const code = before.trimEnd();
  return (
    code === '' || /[(,=:[!&|?{};+*%<>~^-]$/.test(code) || /\b(return|typeof|case|of|in|await|yield|void)$/.test(code)
  );
};
