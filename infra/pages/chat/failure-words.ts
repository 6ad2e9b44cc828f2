/** Why something could not be done, in the reader's language. */
import { KefuOutboxFull, KefuRefusal, KefuStopped } from '../../client/index.ts';
import type { Language } from './language.ts';

const zh: Readonly<Record<string, string>> = {
  unknown_session: '会话不存在。',
  role_may_not: '您的角色不能进行此操作。',
  not_your_session: '这是其他访客的会话。',
  already_assigned: '会话已由其他客服接待。',
  already_queued: '已在排队等待人工客服。',
  no_such_choice: '这个选项已失效，请直接输入问题。',
  not_the_assignee: '只有当前接待的客服可以进行此操作，请先接入会话。',
  session_closed: '会话已结束，重新打开后才能继续。',
  not_closed: '会话尚未结束。',
  not_while_assistant: '会话由助手接待时不能进行此操作。',
  not_while_queued: '会话排队时不能进行此操作。',
  not_while_assigned: '会话由客服接待时不能进行此操作。',
  session_full: '会话已达到上限，请新开一个会话。',
  id_too_old: '请求已过期，请刷新页面。',
  unavailable: '服务暂时不可用，请稍后再试。',
  rate_limited: '操作太频繁，请稍后再试。',
  too_large: '内容太长，请分几次发送。',
  invalid: '内容不符合要求。',
  forbidden: '没有权限。',
  not_found: '会话不存在。',
  token_expired: '登录已过期，请重新登录。',
  unauthenticated: '登录无效，请重新登录。',
  policy: '服务器拒绝了连接。',
  outbox_full: '待发送的消息太多，请等待网络恢复。',
  closed: '连接已关闭。',
  offline: '无法连接服务器，请检查网络。',
};

const en: Readonly<Record<string, string>> = {
  unavailable: 'The service is not available right now. Please try again shortly.',
  rate_limited: 'That was a lot at once. Please try again shortly.',
  too_large: 'This is too long for one message. Please send it in parts.',
  token_expired: 'Your sign-in has expired. Please sign in again.',
  unauthenticated: 'This sign-in is not valid. Please sign in again.',
  outbox_full: 'Too much is waiting to be sent. Please wait for the connection.',
  offline: 'The server cannot be reached. Please check your connection.',
};

/** One sentence. The server's own words where there are none in the reader's language. */
export const sayFailure = (error: unknown, language: Language): string => {
  const words = language === 'zh' ? zh : en;
  for (const key of keysOf(error)) {
    const said = words[key];
    if (said !== undefined) return said;
  }
  if (error instanceof KefuRefusal || error instanceof KefuStopped) return sentence(error.message);
  return words['offline'] ?? '';
};

const keysOf = (error: unknown): readonly string[] => {
  if (error instanceof KefuRefusal) return error.reason === undefined ? [error.code] : [error.reason, error.code];
  if (error instanceof KefuStopped) return [error.why];
  return error instanceof KefuOutboxFull ? ['outbox_full'] : [];
};

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`.replace(/\.\.$/, '.');
