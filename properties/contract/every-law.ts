/** The whole wire contract, on one backend, and what of it could break between two servers. */
import { afterAll, beforeAll, describe } from 'vitest';
import type { Backend, Ground } from './grounds.ts';
import { Kefu, type KefuOptions } from './kefu.ts';
import { assistantLaws } from './laws/assistant.ts';
import { audienceLaws } from './laws/audience.ts';
import { badRequestLaws } from './laws/bad-requests.ts';
import { commandLaws } from './laws/commands.ts';
import { factLaws } from './laws/facts.ts';
import { frameLaws } from './laws/frames.ts';
import { idempotencyLaws } from './laws/idempotency.ts';
import { inboxLaws } from './laws/inbox.ts';
import { joiningLaws } from './laws/joining.ts';
import { knowledgeLaws } from './laws/knowledge.ts';
import { limitLaws, smallLimits } from './laws/limits.ts';
import { messageLaws } from './laws/messages.ts';
import { openingLaws } from './laws/opening.ts';
import { operationLaws } from './laws/operations.ts';
import { ownInboxLaws, ownWriteLaws } from './laws/own-writes.ts';
import { privacyLaws } from './laws/privacy.ts';
import { restartLaws } from './laws/restarts.ts';
import { roleLaws } from './laws/roles.ts';
import { sessionViewLaws } from './laws/session-view.ts';
import { tokenLaws } from './laws/tokens.ts';
import { unreadableFrameLaws } from './laws/unreadable-frames.ts';
import { watchingLaws } from './laws/watching.ts';

export interface Running {
  readonly kefu: () => Kefu;
  readonly ground: () => Ground;
}

/** A server for the tests of the enclosing block. */
export const running = (backend: Backend, options: KefuOptions = {}): Running => {
  let ground: Ground | undefined;
  let kefu: Kefu | undefined;
  beforeAll(async () => {
    ground = await backend.lay();
    kefu = await new Kefu(ground, options).start();
  });
  afterAll(async () => {
    await kefu?.stop();
    await ground?.remove();
  });
  const there = <T>(each: T | undefined): T => {
    if (each === undefined) throw new Error('the server has not started');
    return each;
  };
  return { kefu: () => there(kefu), ground: () => there(ground) };
};

export const everyLaw = (backend: Backend): void => {
  describe(`the wire contract on ${backend.name}`, () => {
    const { kefu } = running(backend);
    openingLaws(kefu);
    sessionViewLaws(kefu);
    messageLaws(kefu);
    commandLaws(kefu);
    factLaws(kefu);
    inboxLaws(kefu);
    operationLaws(kefu);
    tokenLaws(kefu);
    roleLaws(kefu);
    badRequestLaws(kefu);
    frameLaws(kefu);
    joiningLaws(kefu);
    watchingLaws(kefu);
    unreadableFrameLaws(kefu);
    idempotencyLaws(kefu);
    audienceLaws(kefu);
    ownWriteLaws(kefu);
    ownInboxLaws(kefu);
    assistantLaws(kefu);
    knowledgeLaws(kefu);
    privacyLaws(kefu);
    restartLaws(kefu);
  });

  describe(`with small limits on ${backend.name}`, () => {
    const { kefu } = running(backend, { limits: smallLimits });
    limitLaws(kefu);
  });
};

/** The laws of what two servers do together; what each does for itself is the same on one. */
export const everySharedLaw = (backend: Backend): void => {
  describe(`the wire contract on ${backend.name}, over two servers`, () => {
    const { kefu } = running(backend, { servers: 2 });
    openingLaws(kefu);
    sessionViewLaws(kefu);
    messageLaws(kefu);
    commandLaws(kefu);
    factLaws(kefu);
    inboxLaws(kefu);
    frameLaws(kefu);
    joiningLaws(kefu);
    watchingLaws(kefu);
    idempotencyLaws(kefu);
    audienceLaws(kefu);
    ownWriteLaws(kefu);
    assistantLaws(kefu);
    knowledgeLaws(kefu);
    restartLaws(kefu);
  });
};
