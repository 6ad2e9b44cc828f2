/** The assistant on the pages: questions to choose from, an answer while it is written, and its trail for staff. */
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ModelServer, type Turn } from '../model-server/model-server.ts';
import { type Stage, setStage } from './stage.ts';

let stage: Stage;
let model: ModelServer;
const policy = join(tmpdir(), `kefu-policy-${process.pid}.json`);
beforeAll(async () => {
  model = await ModelServer.start();
  writeFileSync(policy, '{"default":{"sureFrom":0.95,"unsureFrom":0.05}}');
  stage = await setStage({
    model: { url: model.url, key: undefined, model: 'small-1' },
    assistantPolicyFile: policy,
    assistantBudgetMs: 8_000,
  });
}, 180_000);
afterAll(async () => {
  await stage.end();
  await model.stop();
  rmSync(policy);
});

const appears = (locator: Locator): Promise<void> => locator.first().waitFor();
const say = async (page: Page, label: string, text: string): Promise<void> => {
  await page.getByRole('textbox', { name: label, exact: true }).fill(text);
  await page.keyboard.press('Enter');
};

test('a visitor chooses, watches an answer come, and is handed over with a note', { timeout: 120_000 }, async () => {
  const visitor = await stage.visit('/');
  await visitor.getByRole('button', { name: '打开客服窗口' }).click();
  await say(visitor, '消息', '退货退款');
  await appears(visitor.getByText('您想问的是哪一个？'));
  await stage.picture(visitor, 'assistant-choices');
  const agent = await stage.visit(`/console${new URL(stage.signInUrl).hash}&name=alice`);
  await agent.getByRole('tab', { name: /助手/ }).click();
  await agent.getByRole('option').first().click();
  await appears(agent.getByText('助手请访客选择'));

  const choice = visitor.getByRole('button', { name: '退款多久到账？' });
  await choice.click();
  await appears(visitor.locator('.bubble.own', { hasText: '退款多久到账？' }));
  await appears(visitor.locator('.bubble.assistant', { hasText: '原路退回' }));
  expect(await choice.isDisabled()).toBe(true);

  let writing: Turn | undefined;
  model.behaviour = (turn) => {
    writing = turn;
    turn.say('月球每周一');
  };
  await say(visitor, '消息', 'Zzyzx?');
  await appears(visitor.getByText('月球每周一'));
  await appears(agent.getByText('月球每周一'));
  await stage.picture(visitor, 'assistant-writing');
  writing?.say('发货。');
  writing?.finish();
  await appears(visitor.locator('.bubble.assistant .under').last());
  await appears(visitor.getByText('月球每周一发货。', { exact: true }));
  expect(await visitor.getByText('月球每周一').count()).toBe(1);
  await appears(agent.getByText('助手经模型回答'));

  model.behaviour = (turn) => turn.refuse(401);
  await say(visitor, '消息', 'Qwxyz?');
  await appears(visitor.getByText('正在排队等待人工客服…'));
  await appears(agent.getByText('助手拒答（503）：模型未能回答'));
  await appears(agent.getByText('Asked the model small-1: it could not be reached or broke off.'));
  await stage.picture(agent, 'assistant-trail-zh');
  await agent.getByRole('button', { name: 'English' }).click();
  await appears(agent.getByText('Assistant refused (503): the model could not answer'));
  await appears(agent.getByText(/Assistant answered by model · small-1, .* 18 tokens/));
  await stage.picture(agent, 'assistant-trail-en');
  expect(stage.complaints).toEqual([]);
});
