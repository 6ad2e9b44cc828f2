/** Whoever was refused was told the truth: in one of the states that the session had meanwhile, that was the answer. */
import { decide } from '../../../actors/decide.ts';
import { evolve, type SessionState, unopened } from '../../../actors/session-state.ts';
import type { Ground } from '../ground.ts';
import type { Attempt, Recorder, Wish } from '../recorder.ts';
import type { Past } from './check-history.ts';

export const checkRefusals = ({ wishes }: Recorder, { session, commits }: Past, ground: Ground): void => {
  const own = wishes.filter((wish) => wish.session === session);
  const states: SessionState[] = [unopened];
  let state = unopened;
  for (const { commit } of commits)
    for (const fact of commit.events) {
      state = evolve(state, fact, commit.at);
      states.push(state);
    }
  for (const wish of own)
    for (const attempt of wish.attempts) {
      const refusal = refusalOf(attempt);
      if (refusal === undefined || attempt.mayBeOld) continue;
      const from = newestBefore(own, attempt.sentAt);
      if (states.slice(from).some((each) => isRefused(each, wish, refusal))) continue;
      const what = `${wish.ask.clientId} ${wish.ask.command.type} was refused as ${refusal}, which no state from seq ${from} on explains`;
      ground.violated('a refused command changes nothing', `${session}: ${what}`);
    }
};

const refusalOf = ({ answer }: Attempt): string | undefined =>
  answer?._tag === 'Left' && answer.left._tag !== 'Unavailable' ? answer.left._tag : undefined;

const isRefused = (state: SessionState, { ask }: Wish, refusal: string): boolean => {
  const decision = decide(state, ask, { at: state.at, freshId: '', remembered: undefined });
  return decision._tag === 'Left' && decision.left._tag === refusal;
};

const newestBefore = (wishes: readonly Wish[], turn: number): number =>
  wishes
    .flatMap(({ attempts }) => attempts)
    .reduce(
      (newest, { answer, answeredAt, mayBeOld }) =>
        answer?._tag === 'Right' && !mayBeOld && (answeredAt ?? turn) < turn
          ? Math.max(newest, answer.right.seq)
          : newest,
      0,
    );
