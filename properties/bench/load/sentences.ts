/** What people write to a shop's service, in Chinese and English: 60 to 150 bytes each, no two the same. */

const openings = [
  '你好,',
  '请问一下,',
  '不好意思,',
  '麻烦帮我看看,',
  'Hi, ',
  'Hello, ',
  'Excuse me, ',
  'Sorry to ask again, ',
];

const matters = [
  '我昨天买的耳机到现在还没有发货,',
  '上周下的单显示已签收但我没有收到,',
  '这件外套的颜色和图片上差得太多,',
  '优惠券在付款的时候一直用不了,',
  'my parcel has been stuck in customs since Monday and ',
  'the kettle I bought last week stopped heating, so ',
  'I was charged twice for the same order and ',
  'the size chart says medium but it does not fit, ',
];

const wishes = [
  '能不能帮我查一下是什么情况?',
  '可以退货吗,运费谁来出?',
  '大概什么时候能处理好?',
  'could you tell me what to do?',
  'I would like my money back.',
  'is there anyone who can help?',
];

/** Every combination, in an order that mixes them. */
const variety = openings.length * matters.length * wishes.length;
const combined = Array.from({ length: variety }, (_, index) => {
  // A step that shares no factor with the number of combinations goes through all of them.
  const which = (index * 101) % variety;
  const opening = openings[which % openings.length] ?? '';
  const matter = matters[Math.floor(which / openings.length) % matters.length] ?? '';
  const wish = wishes[Math.floor(which / openings.length / matters.length)] ?? '';
  return `${opening}${matter}${wish} `;
});

/** Begins the number that ends every message, by which it is found in a frame without reading the rest. */
export const MARK = '#';

/** The message with that number. */
export const sentence = (index: number): string => `${combined[index % variety] ?? ''}${MARK}${index}`;
