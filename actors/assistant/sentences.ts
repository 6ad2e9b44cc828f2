/** What the assistant says of itself, in the visitor's language. */
import type { RefusalCode } from '../../events/assistant.ts';

interface Sentences {
  readonly whichOne: string;
  readonly otherwise: string;
  readonly refused: Readonly<Record<RefusalCode, string>>;
}

const zh: Sentences = {
  whichOne: '您想问的是哪一个？',
  otherwise: '抱歉，我没有听懂。您可以换个说法再问一次吗？',
  refused: {
    403: '抱歉，这个问题我不能回答。',
    503: '抱歉，我现在无法回答。您可以稍后再问，或转人工客服。',
    504: '抱歉，我没能及时找到答案。您可以再问一次，或转人工客服。',
  },
};

const en: Sentences = {
  whichOne: 'Which of these did you mean?',
  otherwise: 'Sorry, I did not understand. Could you say it in other words?',
  refused: {
    403: 'Sorry, I cannot answer that.',
    503: 'Sorry, I cannot answer right now. Please ask again later, or ask for a person.',
    504: 'Sorry, I did not find an answer in time. Please ask again, or ask for a person.',
  },
};

export const sentencesIn = (chinese: boolean): Sentences => (chinese ? zh : en);
