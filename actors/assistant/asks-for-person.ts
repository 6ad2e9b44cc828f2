/** Whether a visitor asks for a human being. */
import { fold } from './words.ts';

const CHINESE = /转人工|人工客服|人工服务|找人工|真人|找客服|叫客服|要人工|接人工|^人工$|^客服$/u;
const PERSON = '(?:human|person|agent|representative|someone|somebody|operator|staff|people|advisor|rep)';
const ENGLISH = new RegExp(
  `(?:talk|speak|chat|connect|transfer|switch|hand)\\b.*\\b${PERSON}\\b|(?:want|need|get|give me|like)\\b.*\\b(?:human|real person|live agent|agent|representative|operator)\\b|^(?:human|agent|representative|operator|real person|live agent|live chat)(?: please)?$`,
);

export const asksForPerson = (text: string): boolean => {
  const folded = fold(text);
  return CHINESE.test(folded.replaceAll(' ', '')) || ENGLISH.test(folded);
};
