/** What processes say to each other, over NATS. Inside one installation of one version: no codec stands between them. */
import type { Ask } from '../../actors/decide.ts';
import type { Answer } from '../../actors/session-actor.ts';
import type { Stored } from '../../events/commit.ts';
import type { Person } from '../../events/facts.ts';
import type { SessionRef, Status } from '../../events/names.ts';
import type { Refusal } from '../../events/refusals.ts';

const PREFIX = 'kefu.node.';

/** Subjects that one process listens on. */
export const subjects = (node: string) =>
  ({
    asks: `${PREFIX}${node}.asks`,
    answers: `${PREFIX}${node}.answers`,
    follow: `${PREFIX}${node}.follow`,
    unfollow: `${PREFIX}${node}.unfollow`,
    live: `${PREFIX}${node}.live`,
    moved: `${PREFIX}${node}.moved`,
  }) as const;

/** Commands come in lists, each under a token of the asker's own. */
export type AskItem = readonly [token: number, ref: SessionRef, ask: Ask];

export type AskReply = { readonly _tag: 'NotOwner' } | { readonly _tag: 'Answered'; readonly answer: Answer };
export type AnswerItem = readonly [token: number, reply: AskReply];

export interface FollowMessage extends SessionRef {
  readonly by: Person;
  /** Up to where the joiner has seen the session. */
  readonly after: number;
  /** Who wants to follow. */
  readonly node: string;
}

export type FollowReply =
  | { readonly _tag: 'NotOwner' }
  | { readonly _tag: 'Refused'; readonly refusal: Refusal }
  | { readonly _tag: 'Following'; readonly seq: number; readonly status: Status };

export interface UnfollowMessage extends SessionRef {
  readonly node: string;
}

/** Live commits come in lists too. */
export type LiveItem = Stored;
export type MovedMessage = SessionRef;

export const keyOf = ({ tenant, session }: SessionRef): string => `${tenant}/${session}`;
