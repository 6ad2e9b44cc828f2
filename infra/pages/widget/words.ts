/** What the widget says. */
import type { SessionFact } from '../../client/index.ts';
import type { Language } from '../chat/language.ts';

export interface Words {
  readonly title: string;
  readonly open: string;
  readonly close: string;
  readonly unread: (count: number) => string;
  readonly greeting: string;
  readonly placeholder: string;
  readonly label: string;
  readonly send: string;
  readonly assistant: string;
  readonly assistantHere: string;
  readonly waitingForPerson: string;
  readonly personHere: (name: string) => string;
  readonly over: string;
  readonly connecting: string;
  readonly you: string;
  readonly typing: (name: string) => string;
  readonly sending: string;
  readonly read: string;
  readonly failed: string;
  readonly retry: string;
  readonly discard: string;
  readonly newBelow: string;
  readonly askPerson: string;
  readonly endChat: string;
  readonly rate: string;
  readonly score: (score: number) => string;
  readonly rated: string;
  readonly goOn: string;
  readonly startAnew: string;
  /** `undefined` for what a visitor need not be told. */
  readonly happened: (event: SessionFact) => string | undefined;
}

const zh: Words = {
  title: '在线客服',
  open: '打开客服窗口',
  close: '关闭客服窗口',
  unread: (count) => `${count} 条未读消息`,
  greeting: '您好！请问有什么可以帮您？',
  placeholder: '输入消息…',
  label: '消息',
  send: '发送',
  assistant: '智能助手',
  assistantHere: '智能助手为您服务',
  waitingForPerson: '正在排队等待人工客服…',
  personHere: (name) => `${name} 为您服务`,
  over: '会话已结束',
  connecting: '正在连接…',
  you: '我',
  typing: (name) => `${name} 正在输入`,
  sending: '发送中',
  read: '已读',
  failed: '发送失败',
  retry: '重试',
  discard: '删除',
  newBelow: '有新消息',
  askPerson: '转人工',
  endChat: '结束会话',
  rate: '请为本次服务打分',
  score: (score) => `${score} 分`,
  rated: '感谢您的评价！',
  goOn: '继续本次会话',
  startAnew: '开始新会话',
  happened: (event) => {
    switch (event.type) {
      case 'HandoffRequested':
        return '正在为您转接人工客服';
      case 'SessionAssigned':
        return `${event.agent} 已接入，为您服务`;
      case 'SessionTransferred':
        return `会话已转给 ${event.to}`;
      case 'SessionReleased':
        return '正在为您安排其他客服';
      case 'SessionClosed':
        return '会话已结束';
      case 'SessionReopened':
        return '会话已重新打开';
      default:
        return undefined;
    }
  },
};

const en: Words = {
  title: 'Support',
  open: 'Open the chat',
  close: 'Close the chat',
  unread: (count) => `${count} unread`,
  greeting: 'Hello! How can we help you?',
  placeholder: 'Write a message…',
  label: 'Message',
  send: 'Send',
  assistant: 'Assistant',
  assistantHere: 'The assistant answers at once',
  waitingForPerson: 'Waiting for a person…',
  personHere: (name) => `${name} is here for you`,
  over: 'This conversation is closed',
  connecting: 'Connecting…',
  you: 'You',
  typing: (name) => `${name} is writing`,
  sending: 'Sending',
  read: 'Read',
  failed: 'Not sent',
  retry: 'Try again',
  discard: 'Remove',
  newBelow: 'New messages',
  askPerson: 'Ask for a person',
  endChat: 'End the chat',
  rate: 'How did we do?',
  score: (score) => `${score} of 5`,
  rated: 'Thank you for your rating!',
  goOn: 'Continue this conversation',
  startAnew: 'Start a new one',
  happened: (event) => {
    switch (event.type) {
      case 'HandoffRequested':
        return 'A person will be with you shortly';
      case 'SessionAssigned':
        return `${event.agent} joined the conversation`;
      case 'SessionTransferred':
        return `The conversation was handed to ${event.to}`;
      case 'SessionReleased':
        return 'Another person will be with you shortly';
      case 'SessionClosed':
        return 'The conversation was closed';
      case 'SessionReopened':
        return 'The conversation was opened again';
      default:
        return undefined;
    }
  },
};

export const wordsIn = (language: Language): Words => (language === 'zh' ? zh : en);
