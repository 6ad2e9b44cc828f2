/** Conversations of our own, for where there are no recorded ones: some that a small shop's assistant knows, most that it does not. */
import type { Dialogue } from '../demo/dialogues.ts';

/** Visitor and agent in turns, the visitor first. */
const of = (id: string, ...texts: readonly string[]): Dialogue => ({
  id,
  turns: texts.map((text, index) => ({ role: index % 2 === 0 ? 'visitor' : 'agent', text })),
});

export const ownDialogues: readonly Dialogue[] = [
  of('own-return', '退货怎么操作?', '在订单里申请售后就可以。', '谢谢', '不客气。'),
  of(
    'own-order',
    'Where is my order?',
    'Let me look. Your order 48213 is on its way.',
    'Great, thank you',
    'You are welcome.',
  ),
  of(
    'own-parking',
    'Is there a place to park near the shop?',
    'Yes, behind the shop, free for two hours.',
    'And does my dog get a biscuit?',
    'If it is a good dog.',
  ),
  of('own-parking-again', 'is there a place to park near the shop', 'Yes, behind the shop.'),
  of(
    'own-gift',
    '可以帮我包装成礼物吗？',
    '可以的，结账时选择礼品包装，每件五元。',
    '电话留13812345678行吗',
    '好的，已经记下。',
  ),
  of('own-person', '转人工', '您好，我是客服小安，请问有什么可以帮您？', '我想改一下发票抬头', '请把新的抬头发给我。'),
  of(
    'own-broken',
    'The lamp arrived broken',
    'I am sorry. Write to lamps@example.com and we send a new one.',
    'ok',
    'Done.',
  ),
  of('own-opening', 'When do you open on Saturday?', 'At nine in the morning.'),
  of('own-refund', '退款多久到账？', '一般一到三个工作日。', '好的', '还有其他问题吗？'),
  of('own-nobody', 'Do you sell left-handed scissors?'),
];
