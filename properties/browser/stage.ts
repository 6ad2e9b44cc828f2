/** A real server with real browsers in front of it, and everything they complain about. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import type { Config } from '../../infra/config.ts';
import { launchChromium } from '../servers/chromium.ts';
import { pagesAreBuilt } from './built-pages.ts';

export interface Stage {
  readonly url: string;
  readonly signInUrl: string;
  /** Errors on the pages' consoles, uncaught or logged, among them whatever the content policy has blocked. */
  readonly complaints: readonly string[];
  /** Another browser profile with one page at this path. */
  visit(path: string, options?: BrowserContextOptions): Promise<Page>;
  /** Keeps a picture of the page, once it stands still, in the folder that `KEFU_SCREENSHOTS` names. */
  picture(page: Page, name: string): Promise<void>;
  /** A page of another site, with this in its head. */
  foreign(head: string): Promise<Page>;
  /** A token for this agent, as the sign-in link gives it. */
  tokenFor(sub: string): Promise<string>;
  /** Stops the server, and with it every socket. */
  stop(): Promise<void>;
  /** Starts it again, at the same address with the same data. */
  start(): Promise<void>;
  end(): Promise<void>;
}

/** With these settings besides. */
export const setStage = async (more: Partial<Config> = {}): Promise<Stage> => {
  await pagesAreBuilt();
  const { configure, startKefu } = await import('../../infra/backbone.ts');
  const dataDir = mkdtempSync(join(tmpdir(), 'kefu-browser-'));
  const pictures = process.env['KEFU_SCREENSHOTS'] ?? join(dataDir, 'pictures');
  const config = configure({ host: '127.0.0.1', port: 0, dataDir, logLevel: 'warn', ...more });
  let kefu = await startKefu(config);
  const port = Number(new URL(kefu.url).port);
  const browser: Browser = await launchChromium();
  const contexts: BrowserContext[] = [];
  const complaints: string[] = [];
  const sites: Server[] = [];

  const open = async (path: string, options: BrowserContextOptions = {}): Promise<Page> => {
    const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1280, height: 800 }, ...options });
    contexts.push(context);
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    page.on('pageerror', (error) => complaints.push(`${path}: ${String(error)}`));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(`${path}: ${message.text()}`);
    });
    return page;
  };

  return {
    url: kefu.url,
    get signInUrl() {
      return kefu.signInUrl ?? '';
    },
    complaints,
    visit: async (path, options) => {
      const page = await open(path, options);
      await page.goto(new URL(path, kefu.url).href);
      return page;
    },
    picture: async (page, name) => {
      await page.waitForTimeout(300);
      await page.screenshot({ path: join(pictures, `${name}.png`) });
    },
    foreign: async (head) => {
      const site = createServer((_, response) => {
        response.setHeader('content-type', 'text/html; charset=utf-8');
        response.end(`<!doctype html><head><title>shop</title>${head}</head><body>shop</body>`);
      });
      site.listen(0, '127.0.0.1');
      await once(site, 'listening');
      sites.push(site);
      const page = await open('another site');
      await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`);
      return page;
    },
    tokenFor: async (sub) => {
      const code = new URLSearchParams(new URL(kefu.signInUrl ?? '').hash.slice(1)).get('code');
      const answer = await fetch(`${kefu.url}/v1/signin`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ code, sub }),
      });
      return ((await answer.json()) as { token: string }).token;
    },
    stop: () => kefu.close(),
    start: async () => {
      kefu = await startKefu({ ...config, port });
    },
    end: async () => {
      for (const context of contexts) await context.close();
      await browser.close();
      for (const site of sites) site.close();
      await kefu.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
};
