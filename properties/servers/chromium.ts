/** A real browser for the console and the widget. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { onPath, runCommand } from './run-command.ts';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

const INSTALL_TIMEOUT_MS = 600_000;

const installed = async (): Promise<string | undefined> =>
  existsSync('/usr/bin/chromium') ? '/usr/bin/chromium' : onPath('chromium');

/** Chromium needs some 25 packages, too many to unpack beside each other: it is installed, where that is allowed. */
const install = async (): Promise<string | undefined> => {
  if (process.getuid?.() !== 0 || (await onPath('apt-get')) === undefined) return undefined;
  process.stderr.write('chromium: not found, installing it with apt-get, once\n');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await runCommand('apt-get', ['-q', 'update'], { env, timeoutMs: INSTALL_TIMEOUT_MS });
  await runCommand('apt-get', ['-q', 'install', '-y', '--no-install-recommends', 'chromium'], {
    env,
    timeoutMs: INSTALL_TIMEOUT_MS,
  });
  return installed();
};

/** Where chromium is; `KEFU_CHROMIUM` names one. */
export const findChromium = async (): Promise<string> => {
  const named = process.env['KEFU_CHROMIUM'];
  if (named !== undefined && named !== '') return named;
  const path = (await installed()) ?? (await install());
  if (path === undefined)
    throw new Error('No chromium. Install it (apt-get install chromium) or name it in KEFU_CHROMIUM.');
  return path;
};

/** A headless browser; the caller closes it. */
export const launchChromium = async (): Promise<Browser> =>
  chromium.launch({ executablePath: await findChromium(), args: FLAGS, chromiumSandbox: false });
