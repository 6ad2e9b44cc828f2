/** What the demo shop says. */
import type { Language } from '../chat/language.ts';

export interface Good {
  readonly name: string;
  readonly price: string;
  /** A gradient's two colours. */
  readonly colours: readonly [string, string];
}

export interface ShopWords {
  readonly shop: string;
  readonly claim: string;
  readonly about: string;
  readonly toConsole: string;
  readonly language: string;
  readonly askHeading: string;
  readonly askHint: string;
  readonly goodsHeading: string;
  readonly goods: readonly Good[];
  readonly questions: readonly string[];
  readonly foot: string;
}

const colours = {
  cup: ['#d6e8e4', '#7fb5aa'],
  lamp: ['#f7e6c8', '#d9a441'],
  scarf: ['#e9dcf3', '#a07cc0'],
  pot: ['#f3d9d2', '#c46f5a'],
} as const;

const zh: ShopWords = {
  shop: '山茶小店',
  claim: '好好生活的小物件',
  about: '这是客服后台 Kefu 的演示页面。右下角就是访客看到的聊天窗口。',
  toConsole: '客服工作台',
  language: 'English',
  askHeading: '想问点什么？',
  askHint: '点一个问题，看看会发生什么。',
  goodsHeading: '本周上新',
  goods: [
    { name: '青瓷杯', price: '¥68', colours: colours.cup },
    { name: '竹编台灯', price: '¥239', colours: colours.lamp },
    { name: '羊毛围巾', price: '¥158', colours: colours.scarf },
    { name: '紫砂小壶', price: '¥320', colours: colours.pot },
  ],
  questions: ['退货怎么操作?', '什么时候发货?', 'Where is my order?', '转人工'],
  foot: '由 Kefu 提供客服',
};

const en: ShopWords = {
  shop: 'Camellia',
  claim: 'Small things for a good life',
  about: 'This is the demo of Kefu, a customer-service chat backbone. At the bottom right is what a visitor sees.',
  toConsole: 'Agent console',
  language: '中文',
  askHeading: 'A question?',
  askHint: 'Choose one and see what happens.',
  goodsHeading: 'New this week',
  goods: [
    { name: 'Celadon cup', price: '$12', colours: colours.cup },
    { name: 'Bamboo lamp', price: '$39', colours: colours.lamp },
    { name: 'Wool scarf', price: '$25', colours: colours.scarf },
    { name: 'Clay teapot', price: '$52', colours: colours.pot },
  ],
  questions: ['Where is my order?', 'How do I return something?', '退货怎么操作?', 'Talk to a person'],
  foot: 'Support by Kefu',
};

export const shopWordsIn = (language: Language): ShopWords => (language === 'zh' ? zh : en);
