/** `kefu token`: prints a token for a person or a program. */
import { isLeft } from 'fp-ts/lib/Either.js';
import { decode, sayFlaws, struct } from '../../events/codec.ts';
import { Name, PersonId, TokenRole } from '../../events/names.ts';
import { systemClock } from '../clock.ts';
import { readConfig } from '../config.ts';
import { Tokens } from '../gateway/tokens.ts';
import { makeSecret, secretBytes } from '../secret.ts';
import { WrongUsage } from './exit.ts';

export interface TokenOptions {
  readonly role: string;
  readonly sub: string;
  readonly tenant: string;
  readonly sid?: string;
  readonly ttl: number;
}

export const token = async (options: TokenOptions): Promise<void> => {
  const asked = decode(struct({ role: TokenRole, sub: PersonId, tenant: Name }, { sid: Name }), options);
  if (isLeft(asked)) throw new WrongUsage(sayFlaws(asked.left).replaceAll(/(^|; )/g, '$1--'));
  const config = readConfig();
  const { role, sub, tenant, sid } = asked.right;
  const secret = config.secret ?? (await makeSecret(config.dataDir));
  const tokens = new Tokens(secretBytes(secret), systemClock);
  process.stdout.write(`${tokens.sign({ role, sub, tenant, sid }, options.ttl)}\n`);
};
