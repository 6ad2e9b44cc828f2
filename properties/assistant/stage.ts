/** A real server with a real model's server behind it, for the tests of the enclosing block. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Config } from '../../infra/backbone.ts';
import { embedded, type Ground } from '../contract/grounds.ts';
import { Kefu } from '../contract/kefu.ts';
import { ModelServer } from '../model-server/model-server.ts';

export interface Stage {
  readonly kefu: () => Kefu;
  readonly model: () => ModelServer;
}

const KEY = 'sk-a-key-that-nobody-may-see';

/** The server's own key for the model. */
export const modelKey = KEY;

/** A file in the folder that the server's data is in. */
export const inFile = async ({ config }: Ground, name: string, text: string): Promise<string> => {
  const file = join(config.dataDir, name);
  await writeFile(file, text);
  return file;
};

export const stage = (config: (ground: Ground) => Promise<Partial<Config>> | Partial<Config> = () => ({})): Stage => {
  let ground: Ground | undefined;
  let kefu: Kefu | undefined;
  let model: ModelServer | undefined;
  beforeAll(async () => {
    ground = await embedded.lay();
    model = await ModelServer.start();
    const more = await config(ground);
    const whole = { model: { url: model.url, key: KEY, model: 'small-1' }, ...more };
    kefu = await new Kefu(ground, { config: whole, limits: more.limits ?? {} }).start();
  });
  beforeEach(() => {
    model?.asked.splice(0);
  });
  afterAll(async () => {
    await kefu?.stop();
    await model?.stop();
    await ground?.remove();
  });
  const there = <T>(each: T | undefined): T => {
    if (each === undefined) throw new Error('it has not started');
    return each;
  };
  return { kefu: () => there(kefu), model: () => there(model) };
};
