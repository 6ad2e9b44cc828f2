/** The console in Chinese. */
import type { SessionFact } from '../../client/index.ts';
import type { Author } from '../chat/transcript.ts';
import { stars } from './people.ts';
import type { Words } from './words.ts';

const sure = (confidence: number | undefined): string =>
  confidence === undefined ? '' : `，把握 ${Math.round(confidence * 100)}%`;

const who = ({ role, id }: Author): string =>
  role === 'visitor' ? '访客' : role === 'assistant' ? '助手' : role === 'system' ? '系统' : ` ${id} `;

const remark = (text: string | undefined): string => (text === undefined ? '' : `：${text}`);

const happened = (event: SessionFact): string | undefined => {
  switch (event.type) {
    case 'SessionOpened':
      return '访客开始了会话';
    case 'HandoffRequested':
      return event.by.role === 'visitor' ? '访客请求人工客服' : '已转入人工队列';
    case 'SessionAssigned':
      return `${event.agent} 接入了会话`;
    case 'SessionTransferred':
      return `${event.from} 将会话转给 ${event.to}`;
    case 'SessionReleased':
      return `${who(event.by)}将会话放回队列`.trim();
    case 'SessionClosed':
      return `会话由${who(event.by)}结束${remark(event.reason)}`;
    case 'SessionReopened':
      return `会话由${who(event.by)}重新打开`;
    case 'SessionRated':
      return `访客评分 ${stars(event.score)}${remark(event.comment)}`;
    case 'AssistantDecided':
      return decided(event);
    case 'AssistantRefused':
      return `助手拒答（${event.code}）：${whyRefused[event.why] ?? event.why}${asked(event.model)}`;
    case 'DeadlinePassed':
      return tooLate[event.deadline];
    default:
      return undefined;
  }
};

type Decided = Extract<SessionFact, { type: 'AssistantDecided' }>;

const decided = ({ outcome, source, entry, why, confidence, model, passages }: Decided): string => {
  switch (outcome) {
    case 'answered':
      return source === 'model'
        ? `助手经模型回答${asked(model)}${given(passages)}`
        : `助手依据 ${entry ?? '已有知识'} 回答${why === 'chosen' ? '（访客选择）' : sure(confidence)}`;
    case 'offered':
      return `助手请访客选择${sure(confidence)}`;
    case 'asked-back':
      return '助手请访客换个说法';
    case 'handoff':
      return `助手转人工：${whyNot[why] ?? why}${sure(confidence)}${asked(model)}`;
  }
};

const asked = (model: Decided['model']): string => {
  if (model === undefined) return '';
  const { name, latencyMs, promptTokens = 0, completionTokens = 0 } = model;
  const tokens = promptTokens + completionTokens;
  return ` · ${name}，${(latencyMs / 1_000).toFixed(1)} 秒${tokens === 0 ? '' : `，${tokens} token`}`;
};

const given = (passages: Decided['passages']): string =>
  passages === undefined || passages.length === 0 ? '' : ` · 参考 ${passages.map(({ entry }) => entry).join('、')}`;

/** Why it was refused; the reasons grow by addition. */
const whyRefused: Readonly<Record<string, string>> = {
  sensitive_question: '问题含敏感词',
  sensitive_answer: '模型的回答含敏感词',
  breaker_open: '模型近期失败过多，暂停使用',
  overloaded: '等待模型的问题过多',
  limit_reached: '每分钟用量已达上限',
  model_failed: '模型未能回答',
  budget_spent: '模型未能及时回答',
};

/** What has not come in time; the deadlines grow by addition. */
const tooLate: Readonly<Record<string, string>> = {
  'assistant-reply': '助手未能及时回答',
  'first-response': '无人及时接入会话',
  'idle-close': '长时间无人发言',
};

/** Why the assistant stepped back; the reasons grow by addition. */
const whyNot: Readonly<Record<string, string>> = {
  asked: '访客要求',
  unknown: '没有找到答案',
  unhelped: '多次未能解答',
  frustrated: '访客情绪不满',
  unceasing: '访客连续发言',
};

export const zh: Words = {
  language: 'zh',
  otherLanguage: 'English',
  console: '客服工作台',
  connection: { connecting: '正在连接…', open: '已连接', closed: '已断开' },
  signIn: '登录',
  signInHint: '请打开服务器启动时打印的登录链接，或粘贴令牌（kefu token --role agent --sub …）。',
  token: '令牌',
  signOut: '退出',
  changeName: '修改名称',
  name: '您的名称',
  save: '保存',
  cancel: '取消',
  inbox: '会话列表',
  tabs: { queued: '排队', mine: '我的', assistant: '助手', all: '全部' },
  nothingIn: {
    queued: '没有人在排队。',
    mine: '您没有进行中的会话。',
    assistant: '助手没有进行中的会话。',
    all: '还没有会话。',
  },
  loading: '加载中…',
  statuses: { assistant: '助手', queued: '排队中', assigned: '接待中', closed: '已结束' },
  overdue: '等待过久',
  visitor: (id) => `访客 ${id}`,
  assistant: '助手',
  you: '我',
  unanswered: (count) => `${count} 条未回复`,
  noMessages: '还没有消息',
  chooseOne: '请选择一个会话',
  chooseOneHint: '用 ↑ 和 ↓ 键浏览会话列表。',
  back: '返回会话列表',
  transcript: '聊天记录',
  older: '正在加载更早的消息…',
  newBelow: '有新消息',
  read: '已读',
  typing: (name) => `${name} 正在输入…`,
  staffOnly: '仅内部可见',
  offered: '提供的选项',
  claim: '接入',
  release: '放回队列',
  transfer: '转接',
  transferTo: '转给哪位客服',
  close: '结束',
  reopen: '重新打开',
  actions: '操作',
  reply: '回复',
  note: '备注',
  kindOfText: '输入类型',
  replyPlaceholder: '回复访客。Enter 发送，Shift+Enter 换行。',
  notePlaceholder: '给同事的备注，访客看不到。',
  claimFirst: '接入会话后即可回复。',
  someoneElses: (name) => `${name} 正在接待此会话。`,
  isClosed: '会话已结束，重新打开后可继续。',
  readOnly: '您只能查看，不能回复。',
  send: '发送',
  addNote: '添加备注',
  sending: '发送中',
  failed: '发送失败',
  retry: '重试',
  discard: '删除',
  dismiss: '关闭提示',
  about: '访客信息',
  facts: { id: '编号', language: '语言', opened: '开始时间', assignee: '客服', nobody: '无', score: '评分' },
  happened,
};
