/** What the assistant tells the person who takes over: what it has tried, in a few plain sentences. */
import type { RefusalWhy } from '../../events/assistant.ts';
import { nearestOf, type Tried } from './evidence.ts';
import type { Finding } from './knowledge-base.ts';
import { cutTo } from './plain-text.ts';
import { type Question, speaksChinese } from './question.ts';

/** A question of the knowledge base, quoted, in characters. */
const QUOTE_CHARS_MAX = 80;

/** `undefined` when nothing was tried. */
export const noteFor = (question: Question, { finding, result }: Tried, refused?: RefusalWhy): string | undefined => {
  const words = speaksChinese(question) ? zh : en;
  const said = [
    refused === 'sensitive_question' ? words.sensitive : undefined,
    finding === undefined || refused === 'sensitive_question' ? undefined : words.found(finding),
    result === undefined
      ? undefined
      : words.asked(result.use.name, result._tag === 'Failed' ? result.why : 'no_answer'),
    question.misses > 0 ? words.missed(question.misses) : undefined,
    question.lastAnswer === undefined ? undefined : words.answered(question.lastAnswer.entry),
  ].filter((sentence) => sentence !== undefined);
  return said.length === 0 ? undefined : said.join(words.between);
};

type Failure = RefusalWhy | 'no_answer';

interface Words {
  readonly between: string;
  readonly sensitive: string;
  readonly found: (finding: Finding) => string;
  readonly asked: (model: string, failure: Failure) => string;
  readonly missed: (times: number) => string;
  readonly answered: (entry: string | undefined) => string;
}

const quoted = (question: string): string => cutTo(question.replaceAll(/\s+/g, ' '), QUOTE_CHARS_MAX);
const percent = (confidence: number): string => `${Math.round(confidence * 100)}%`;

const en: Words = {
  between: ' ',
  sensitive: 'The message holds a word on the list of sensitive words, so the assistant did not answer it.',
  found: (finding) => {
    const nearest = nearestOf(finding);
    return nearest === undefined
      ? 'Found nothing in the knowledge base.'
      : `Nearest in the knowledge base: “${quoted(nearest.entry.question)}” (${percent(nearest.confidence)} sure).`;
  },
  asked: (model, failure) => `Asked the model ${model}: ${failuresInEnglish[failure]}.`,
  missed: (times) => (times === 1 ? 'Asked back once before.' : `Asked back ${times} times before.`),
  answered: (entry) =>
    entry === undefined ? 'Had answered before.' : `Had answered before, last from ${quoted(entry)}.`,
};

const failuresInEnglish: Readonly<Record<Failure, string>> = {
  no_answer: 'it has no answer',
  sensitive_question: 'the question holds a sensitive word',
  sensitive_answer: 'its answer held a sensitive word and was not shown in full',
  breaker_open: 'it has failed too often of late and is left alone for a while',
  overloaded: 'too many questions are with it already',
  limit_reached: 'what may be asked in a minute is used up',
  model_failed: 'it could not be reached or broke off',
  budget_spent: 'it did not answer in time',
};

const zh: Words = {
  between: '',
  sensitive: '消息中含有敏感词，助手没有回答。',
  found: (finding) => {
    const nearest = nearestOf(finding);
    return nearest === undefined
      ? '知识库中没有找到答案。'
      : `知识库中最接近的是“${quoted(nearest.entry.question)}”（把握 ${percent(nearest.confidence)}）。`;
  },
  asked: (model, failure) => `已询问模型 ${model}：${failuresInChinese[failure]}。`,
  missed: (times) => `此前已追问 ${times} 次。`,
  answered: (entry) => (entry === undefined ? '此前助手回答过。' : `此前助手回答过，最近一次依据 ${quoted(entry)}。`),
};

const failuresInChinese: Readonly<Record<Failure, string>> = {
  no_answer: '没有答案',
  sensitive_question: '问题中含有敏感词',
  sensitive_answer: '回答中含有敏感词，没有完整显示',
  breaker_open: '近期失败过多，暂停使用',
  overloaded: '等待的问题过多',
  limit_reached: '每分钟用量已达上限',
  model_failed: '无法连接或中途断开',
  budget_spent: '没有及时回答',
};
