/** The general language of customer service in Chinese and English: what means the same, and what means nothing. */
import { type Hit, Phrases } from './phrases.ts';
import { Spelling } from './spelling.ts';
import { COLLOQUIAL } from './thesaurus-colloquial.ts';
import { GOODS } from './thesaurus-goods.ts';
import { ELSEWHERE, SERVICE } from './thesaurus-service.ts';
import type { Token } from './tokens.ts';

/** Words that carry a question's grammar and not its matter. */
const FILLER = `
filler: 的 了 吗 呢 吧 啊 呀 嘛 么 我 你 您 他 她 它 请 请问 问一下 是 在 有 和 跟 与 就 都 也 还 又 再 才 要 想 能 会 可 可以 可不可以 能不能 能否 是否 有没有 怎么 怎样 怎么办 怎么弄 怎么操作 怎么样 如何 什么 啥 咋 咋办 咋弄 一下 一个 这个 那个 这 那 哪个 哪些 哪 些 我的 你的 你们 我们 他们 人家 给 把 被 让 帮 帮我 到 从 对 个 很 太 好 呗 哦 嗯 之后 以后 的话 如果 现在 已经 刚 刚刚 这么 那么 得 着 过 去 来 里 上 下 做 弄 搞 办 看 看看 知道 告诉 麻烦 需要 想要 要求 应该 必须 行 行不行 行吗 可以吗 好吗 是不是 为 用 多 几 没 不 没有 不会 不能 昨天 前天 今天 上周 上个月 上个星期 这周 最近 好久 半天 一直 总是 老是 突然 刚才 好像 似乎 可能 估计 觉得 感觉 发现 打算 准备 希望 劳驾 亲 亲亲 老板 店家 商家 卖家 请教 咨询 想问 问下 问问 怎么回事 咋回事 什么情况 怎么处理 怎么解决 处理一下 解决一下 可否 不好意思 啦 呐 哈 嘞 哟 诶 唉 那么 因为 所以 但是 不过 而且 然后 就是 还是 或者 虽然 只是 一点 有点 一些 一起 家里 朋友 老婆 老公 别人 自己 大家 每次 每天 为啥 为什么 干嘛 到底 真的 特别 非常 挺 | a, an, the, is, are, am, was, were, be, been, being, do, does, did, can, could, will, would, shall, should, may, might, i, im, ive, id, you, it, its, he, she, they, them, him, her, his, my, mine, me, your, yours, our, we, us, to, of, for, in, on, at, and, or, but, what, how, which, that, this, these, those, there, here, please, pls, plz, have, has, had, having, with, from, about, if, so, just, some, any, by, as, than, then, also, very, really, too, need, want, like, wanna, gonna, get, got, getting, tell, know, let, help, possible, someone, something, anything, up, out, all, only, still, now, yet, already, today, u, ur, not, go, going, make, way, much, because, since, while, when, again, ever, even, keep, keeps, say, says, really, actually, maybe, perhaps, sir, guys, madam, ago, yesterday, recently, last, first, second, next, week, weeks, month, months, day, days, year, years, hour, minute, minutes, morning, one, two, three, four, five, six, more, other, own, into, after, before, until, through, over, same, such, too, here, there, thing, things, kind, lot, bit, little, big, good, nice, new, old, right, well, fine, sure, mean, think, thought, believe, wonder, wondering, trying, try, tried, see, look, looking, find, found, come, came, take, took, put, give, gave, said, told, ask, asked, start, seem, seems, happen, happens, happened, problem, question, issue, help, hope, may, must, cannot, not, dear, excuse, sorry, friend, wife, husband, mum, mom, dad, son, daughter, sister, brother, family, people, everybody, anyone, anybody, nobody, somebody, s, t, m, re, ve, ll, d
`;

const ACTIONS = `
turnon: 开通 开启 启用 激活 | activate, enable, turn on, switch on
turnoff: 关闭 关掉 停用 停止 | deactivate, disable, turn off, switch off
`;

/** Every group with a meaning of its own. */
const thesaurus = new Phrases(GOODS + SERVICE + COLLOQUIAL + ACTIONS + ELSEWHERE + FILLER);

const aspects: ReadonlySet<string> = new Set(['when', 'where', 'howmuch', 'why']);

export const hitsIn = (tokens: readonly Token[]): readonly Hit[] => thesaurus.find(tokens, aspects);
export const thesaurusWords = thesaurus.words;

const spelling = new Spelling();
for (const word of thesaurusWords) spelling.add(word);
/** The word of the thesaurus that is one slip away. */
export const mendByThesaurus = (word: string): string | undefined => spelling.mend(word);

export const FILLER_GROUP = 'filler';
export const ELSEWHERE_GROUP = 'elsewhere';
export const GREETING_GROUP = 'greeting';

/** Groups that lie near each other: who speaks of the one may mean the other. Near to each other are all on one line. */
const NEAR = `
return refund unwanted
return exchange unwanted
return shipfee
exchange size wrongitem
cancel unwanted refund
track parcel dispatch
track delivery arrivaltime delay urge lostparcel status
dispatch urge arrivaltime express
shipfee delivery price
abroad region
broken repair warranty
broken quality complain foodsafety
wrongitem missing lostparcel
stock preorder
pricematch discount price
coupon discount giftcard
coupon invalid expire
points member coupon
signin password forgot locked account verify
phoneno verify twofa
deleteaccount privacy account
payment paymethod payfail installment
doublecharge charge billing fraud
invoice billing statement
stopsub subscription renew
stopsub cancel unsubscribe
upgrade downgrade changeplan subscription
hours contact
refundticket refund cancel
rebook change delay
baggage lostbag
stayhours hotel
lostcard card locked
topup balance payment
data balance network
signal network
roaming abroad
permission invite account
export download
wrongdata change
price charge free
partialrefund refund
refusedelivery return cancel
editorder change order exchange
mergeorder shipfee splitorder
stuckparcel track delay
splitorder missing
redelivery delivery arrivaltime collect
collect store
returnfee return shipfee
label return
customs abroad
tradein discount
studentdiscount discount
shelflife expire
ingredients allergy quality
specs size
advice size quality
care quality
stolenaccount fraud password locked
invoicechange invoice change
human contact
complain contact compensate
`;

const near = new Map<string, Set<string>>();
for (const line of NEAR.trim().split('\n')) {
  const groups = line.split(' ').map((name) => `#${name}`);
  for (const group of groups) near.set(group, new Set([...(near.get(group) ?? []), ...groups]));
}
for (const [group, others] of near) others.delete(group);

const NONE: ReadonlySet<string> = new Set();
export const nearTo = (group: string): ReadonlySet<string> => near.get(group) ?? NONE;

/** Groups that say what about a matter is asked. A question after a time is seldom answered by an entry on a place. */
export const ASPECTS: ReadonlySet<string> = new Set([...aspects].map((name) => `#${name}`));

/** Groups of which one rules the other out. */
export const OPPOSED: readonly (readonly [string, string])[] = [
  ['turnon', 'turnoff'],
  ['signup', 'deleteaccount'],
  ['upgrade', 'downgrade'],
  ['invite', 'removeuser'],
  ['export', 'import'],
  ['renew', 'stopsub'],
  ['collect', 'return'],
];
