/**
 * Whether a visitor is visibly losing patience. Better to miss some than to send away somebody who only asks how to
 * complain: what is looked for is said about the service itself, or shouted.
 */
import type { Question } from './question.ts';
import { fold } from './words.ts';

const CHINESE =
  /答非所问|听不懂人话|牛头不对马嘴|鸡同鸭讲|气死我|气死人|烦死了|烦死我|忍无可忍|有完没完|(?:什么|这)破(?:客服|机器人|玩意|系统|平台|服务)|垃圾(?:客服|机器人|平台|公司|系统|服务)|(?:客服|机器人|服务|态度)(?:太差|太烂|真差|真烂|太垃圾)|浪费我(?:的)?时间|我要投诉你|说了(?:多少|几|好几|八百)遍|问了(?:多少|好几|几)遍/u;
const ENGLISH =
  /\b(?:this is|its|it s|that is|you are|youre|you re) (?:so |absolutely |totally |completely |really )?(?:ridiculous|useless|unacceptable|a joke|no help|not helping|not helpful|not listening)\b|\bwast(?:e|ing) (?:of )?my time\b|\b(?:worst|terrible|awful|horrible|pathetic) (?:customer )?(?:service|support)\b|\bi am (?:so |really |very |getting )?(?:frustrated|angry|annoyed|furious|fed up)\b|\bim (?:so |really |very |getting )?(?:frustrated|angry|annoyed|furious|fed up)\b|\b(?:useless|stupid|dumb) (?:bot|robot|machine|chatbot|assistant)\b|\bhow many times (?:do|must|should) i\b|\b(?:sick|tired) of (?:this|waiting)\b/;

/** How often the same may be said before it counts. */
const SAME_AGAIN_MAX = 3;

export const isFrustrated = ({ texts, turns }: Pick<Question, 'texts' | 'turns'>): boolean =>
  texts.some((text) => {
    const folded = fold(text);
    return CHINESE.test(folded.replaceAll(' ', '')) || ENGLISH.test(folded) || isShouted(text);
  }) || isSaidAgain(texts, turns);

/** Several words in capitals, and more than one mark behind them. */
const isShouted = (text: string): boolean =>
  /[!?！？]{2,}/.test(text) && !/\p{Ll}/u.test(text) && (text.match(/\p{Lu}{2,}/gu)?.length ?? 0) >= 3;

const isSaidAgain = (texts: readonly string[], turns: Question['turns']): boolean => {
  const newest = fold(texts.at(-1) ?? '');
  const said = [...turns.filter(({ role }) => role === 'visitor').map(({ text }) => text), ...texts];
  return newest.length > 3 && said.filter((text) => fold(text) === newest).length >= SAME_AGAIN_MAX;
};
