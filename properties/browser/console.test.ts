/** Visitor and agent, each in a browser of their own, on the real server. */
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { connectKefu, openAnonymously } from '../../infra/client/index.ts';
import { type Stage, setStage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
}, 180_000);
afterAll(() => stage.end());

const fragmentOf = (url: string): string => `/console${new URL(url).hash}`;
const asAgent = (name: string, options = {}): Promise<Page> =>
  stage.visit(`${fragmentOf(stage.signInUrl)}&name=${name}`, options);
const write = async (page: Page, label: string, text: string): Promise<void> => {
  await page.getByRole('textbox', { name: label, exact: true }).fill(text);
  await page.keyboard.press('Enter');
};
const appears = (locator: Locator): Promise<void> => locator.first().waitFor();

test('a visitor asks, is answered, asks for a person, and is helped by one', { timeout: 120_000 }, async () => {
  const agent = await asAgent('alice');
  await appears(agent.getByText('没有人在排队。'));
  expect(agent.url()).toBe(`${stage.url}/console`);

  const visitor = await stage.visit('/');
  await stage.picture(visitor, 'demo');
  await visitor.getByRole('button', { name: '退货怎么操作?' }).click();
  await appears(visitor.getByText('签收后 7 天内可以退货'));
  await stage.picture(visitor, 'demo-answered');

  await visitor.getByRole('textbox', { name: '消息' }).fill('转人工');
  await visitor.keyboard.press('Enter');
  await appears(visitor.getByText('正在排队等待人工客服…'));
  await stage.picture(visitor, 'demo-queued');

  const waiting = agent.getByRole('option').first();
  await appears(waiting);
  await waiting.click();
  await appears(agent.getByText('助手转人工'));
  await stage.picture(agent, 'console-queued');
  expect(await agent.getByRole('button', { name: '放回队列' }).isDisabled()).toBe(true);
  await agent.getByRole('button', { name: '接入', exact: true }).click();
  await appears(visitor.getByText('alice 为您服务'));

  await write(agent, '回复', '您好,我是 alice。请问订单号是多少?\n我来帮您查。 https://example.com/orders');
  await appears(visitor.getByText('请问订单号是多少?'));
  await visitor.getByRole('textbox', { name: '消息' }).pressSequentially('订单号 ', { delay: 5 });
  await appears(agent.getByText('正在输入…'));
  await visitor.getByRole('textbox', { name: '消息' }).fill('<img src=x onerror=alert(1)> 订单号 1024');
  await visitor.keyboard.press('Enter');
  await appears(agent.getByText('<img src=x onerror=alert(1)> 订单号 1024'));
  await agent.getByRole('radio', { name: '备注' }).check();
  await write(agent, '备注', '老客户,优先处理');
  await appears(agent.getByText('仅内部可见'));
  await agent.getByRole('radio', { name: '回复' }).check();
  await stage.picture(agent, 'console-assigned');
  await stage.picture(visitor, 'demo-assigned');
  expect(await visitor.getByText('老客户').count()).toBe(0);

  await agent.getByRole('button', { name: '结束', exact: true }).click();
  await appears(visitor.getByText('请为本次服务打分'));
  await stage.picture(visitor, 'demo-closed');
  await visitor.getByRole('button', { name: '5 分' }).click();
  await appears(visitor.getByText('感谢您的评价！'));
  await appears(agent.getByText('访客评分 ★★★★★'));
  await stage.picture(agent, 'console-closed');
  expect(stage.complaints).toEqual([]);
});

test('a visitor comes back after a reload', { timeout: 60_000 }, async () => {
  const visitor = await stage.visit('/', { locale: 'en-US' });
  await visitor.getByRole('button', { name: 'Where is my order?' }).click();
  await appears(visitor.locator('.bubble.assistant', { hasText: /order/i }));
  await visitor.reload();
  await visitor.getByRole('button', { name: /^Open the chat/ }).click();
  await appears(visitor.locator('.bubble.own', { hasText: 'Where is my order?' }));
  await appears(visitor.locator('.bubble.assistant', { hasText: /order/i }));
  expect(stage.complaints).toEqual([]);
});

test('what is written while the server is away is sent when it is back', { timeout: 120_000 }, async () => {
  const visitor = await stage.visit('/', { locale: 'en-US' });
  await visitor.getByRole('button', { name: 'Talk to a person' }).click();
  await appears(visitor.getByText('Waiting for a person…'));
  const agent = await asAgent('frank');
  await agent.getByRole('option').first().click();
  await agent.getByRole('button', { name: '接入', exact: true }).click();
  await appears(agent.getByRole('tab', { name: '我的', selected: true }));

  const complaints = stage.complaints.length;
  await stage.stop();
  await appears(visitor.getByText('Connecting…'));
  await appears(agent.getByText('正在连接…'));
  await write(visitor, 'Message', 'Still there?');
  await appears(visitor.locator('.bubble.own.pending', { hasText: 'Still there?' }));
  await write(agent, '回复', '在的');
  await appears(agent.locator('.bubble.agent.pending', { hasText: '在的' }));
  await stage.picture(visitor, 'demo-away');
  await stage.picture(agent, 'console-away');
  await stage.start();
  for (const page of [visitor, agent])
    for (const text of ['Still there?', '在的'])
      await appears(page.locator('.bubble:not(.pending):not(.sent)', { hasText: text }));
  expect(await visitor.locator('.bubble', { hasText: 'Still there?' }).count()).toBe(1);
  expect(await agent.locator('.bubble', { hasText: '在的' }).count()).toBe(1);
  // A browser logs by itself that a socket could not be opened while the server was away.
  const own = stage.complaints.slice(complaints).filter((each) => !/WebSocket connection to|ERR_/.test(each));
  expect(own).toEqual([]);
});

test('a long transcript loads older pages and does not jump', { timeout: 120_000 }, async () => {
  const { session, token } = await openAnonymously({ url: stage.url, visitor: { name: '长谈' } });
  const client = connectKefu({ url: stage.url, token, WebSocket });
  const speaker = client.join(session, {});
  await speaker.do({ type: 'RequestHandoff' });
  const texts = Array.from({ length: 180 }, (_, at) => `第 ${at} 条`);
  await Promise.all(texts.map((text) => speaker.say(text)));

  const agent = await asAgent('grace');
  // How far back the transcript begins is told by the row, which must have the newest message first.
  await agent.getByRole('option').filter({ hasText: '长谈' }).filter({ hasText: '第 179 条' }).click();
  await appears(agent.getByText('第 179 条', { exact: true }).last());
  const inLog = (expression: string): Promise<number> =>
    agent.evaluate(`(() => { const log = document.querySelector('[role=log]'); return ${expression}; })()`);
  const top = (): Promise<number> => inLog('log.scrollTop');
  const bottomGap = (): Promise<number> => inLog('log.scrollHeight - log.scrollTop - log.clientHeight');
  await expect.poll(bottomGap).toBeLessThan(2);
  expect(await agent.getByText('第 5 条', { exact: true }).count()).toBe(0);
  await inLog('log.scrollTo({ top: 10 })');
  await appears(agent.getByText('第 5 条', { exact: true }));
  await expect.poll(top).toBeGreaterThan(500);

  await inLog('log.scrollBy({ top: -50 })');
  const before = await top();
  await speaker.say('最新的一条');
  await appears(agent.getByRole('button', { name: '有新消息' }));
  expect(await top()).toBe(before);
  await stage.picture(agent, 'console-reading-up');
  await agent.getByRole('button', { name: '有新消息' }).click();
  await expect.poll(bottomGap).toBeLessThan(2);
  await speaker.say('再来一条');
  await appears(agent.getByText('再来一条'));
  await expect.poll(bottomGap).toBeLessThan(2);
  client.close();
});

test('the widget stands on another site, whatever its style', { timeout: 60_000 }, async () => {
  const complaints = stage.complaints.length;
  const page = await stage.foreign(`
    <style>* { color: red !important; font-size: 40px !important; }</style>
    <script>window.known = ['known', ...Object.keys(window)]</script>
    <script src="${stage.url}/widget.js" data-kefu data-language="en" defer></script>`);
  await page.getByRole('button', { name: 'Open the chat' }).click();
  await write(page, 'Message', 'Where is my order?');
  await appears(page.locator('.bubble.assistant', { hasText: /order/i }));
  await stage.picture(page, 'widget-elsewhere');
  expect(await page.evaluate('Object.keys(window).filter((name) => !window.known.includes(name))')).toEqual([]);
  expect(stage.complaints.slice(complaints)).toEqual([]);
});

test('two agents cannot both have it, and are told so', { timeout: 120_000 }, async () => {
  const visitor = await stage.visit('/', { locale: 'en-US' });
  await visitor.getByRole('button', { name: 'Talk to a person' }).click();
  await appears(visitor.getByText('Waiting for a person…'));
  const [bob, carol] = await Promise.all(
    ['bob', 'carol'].map((name) => asAgent(name, { locale: 'en-US', viewport: { width: 1024, height: 700 } })),
  );
  if (bob === undefined || carol === undefined) throw new Error('two agents were wanted');
  // With the keys alone; the last in the queue is the one who came last.
  for (const agent of [bob, carol]) {
    // Who has chosen nothing yet need not go to the list first.
    const list = agent.getByRole('listbox');
    if (agent === carol) await list.focus();
    else await appears(list);
    await agent.keyboard.press('ArrowDown');
    await agent.keyboard.press('End');
    await appears(agent.locator('[aria-selected=true]', { hasText: 'Talk to a person' }));
  }
  await bob.getByRole('button', { name: 'Claim', exact: true }).click();
  await appears(carol.getByText('bob is replying in this conversation.').or(carol.getByPlaceholder(/bob is replying/)));
  await stage.picture(carol, 'console-someone-elses');
  await bob.getByRole('button', { name: 'Transfer', exact: true }).click();
  await bob.getByRole('combobox').fill('carol');
  await bob.keyboard.press('Enter');
  await write(carol, 'Reply', 'Hello, this is Carol.');
  await appears(visitor.getByText('Hello, this is Carol.'));
  expect(await carol.getByRole('button', { name: 'Claim', exact: true }).isDisabled()).toBe(true);
  await stage.picture(visitor, 'demo-transferred');
});

test('a refusal is said in the reader’s language', { timeout: 60_000 }, async () => {
  const { session, token } = await openAnonymously({ url: stage.url, visitor: { name: '李雷' } });
  const client = connectKefu({ url: stage.url, token, WebSocket });
  await client.join(session, {}).do({ type: 'RequestHandoff' });
  client.close();
  const agent = await stage.visit('/console');
  // Somebody else was quicker, and the word of it is not here yet.
  await agent.routeWebSocket(/\/v1\/socket$/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((message) => {
      const frame = JSON.parse(String(message)) as { type: string; id: string };
      const refused = { type: 'refused', id: frame.id, code: 'refused', reason: 'already_assigned', message: 'taken' };
      if (frame.type === 'do') socket.send(JSON.stringify(refused));
      else server.send(message);
    });
  });
  await agent.getByLabel('令牌').fill(await stage.tokenFor('heidi'));
  await agent.getByRole('button', { name: '登录' }).click();
  await agent.getByRole('option').filter({ hasText: '李雷' }).click();
  await agent.getByRole('button', { name: '接入', exact: true }).click();
  const alert = agent.getByRole('alert').filter({ hasText: '会话已由其他客服接待。' });
  await appears(alert);
  await stage.picture(agent, 'console-refused');
  await agent.getByRole('button', { name: '关闭提示' }).click();
  expect(await alert.count()).toBe(0);
});

test('a pasted token signs in, a wrong one says so', { timeout: 60_000 }, async () => {
  const page = await stage.visit('/console', { locale: 'en-US' });
  const complaints = stage.complaints.length;
  await page.getByLabel('Token').fill('not.a.token');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await appears(page.getByRole('alert'));
  await stage.picture(page, 'sign-in-refused');
  await page.getByLabel('Token').fill(await stage.tokenFor('dave'));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await appears(page.getByText('Connected'));
  await appears(page.getByText('dave'));
  await page.reload();
  await appears(page.getByText('Connected'));
  await page.getByRole('button', { name: 'Sign out' }).click();
  await appears(page.getByRole('button', { name: 'Sign in' }));
  expect(stage.complaints.slice(complaints).filter((each) => !each.includes('401'))).toEqual([]);
});

test('it can be used on a phone', { timeout: 60_000 }, async () => {
  const phone = { viewport: { width: 390, height: 780 }, colorScheme: 'dark' as const };
  const agent = await asAgent('erin', phone);
  await agent.getByRole('tab', { name: /全部/ }).click();
  await stage.picture(agent, 'phone-inbox');
  await agent.getByRole('option').first().click();
  await appears(agent.getByRole('log'));
  await stage.picture(agent, 'phone-conversation');
  await agent.getByRole('button', { name: '返回会话列表' }).click();
  await appears(agent.getByRole('option'));
  const visitor = await stage.visit('/', phone);
  await visitor.getByRole('button', { name: '打开客服窗口' }).click();
  await stage.picture(visitor, 'phone-demo');
  for (const page of [agent, visitor])
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
});
