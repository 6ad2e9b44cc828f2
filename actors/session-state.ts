/** A session's state: what its facts, folded in order, come to. */
import { type Commit, lastSeq } from '../events/commit.ts';
import type { Due } from '../events/deadlines.ts';
import type { Fact } from '../events/facts.ts';
import { invariant } from '../events/invariant.ts';
import { nextDue } from '../events/pace.ts';
import { type Chart, step, unopenedChart, type Value } from './session-chart.ts';
import type { FactEvent, SessionContext } from './session-machine.ts';

export interface SessionState {
  /** Seq of the newest fact, 0 before the first. */
  readonly seq: number;
  /** Unix milliseconds of the newest commit, 0 before the first. */
  readonly at: number;
  readonly chart: Chart;
}

export const unopened: SessionState = { seq: 0, at: 0, chart: unopenedChart };

/** The state after one more fact. Total: a fact that the chart does not know in this state moves on the seq alone. */
export const evolve = (state: SessionState, fact: Fact, at: number): SessionState =>
  accepted(state, fact, at) ?? { seq: state.seq + 1, at, chart: state.chart };

/** The state after one more fact; `undefined` where the chart does not accept it now. */
export const accepted = (state: SessionState, fact: Fact, at: number): SessionState | undefined => {
  const seq = state.seq + 1;
  const chart = step(state.chart, eventOf(fact, seq, at));
  return chart === undefined ? undefined : { seq, at, chart };
};

/** The state after one more commit. */
export const evolveCommit = (state: SessionState, commit: Commit): SessionState => {
  invariant(commit.seq === state.seq + 1, 'a commit continues its session without a gap');
  const after = commit.events.reduce((each, fact) => evolve(each, fact, commit.at), state);
  invariant(after.seq === lastSeq(commit), 'seq advances by one for each fact');
  return after;
};

export const statusOf = (state: SessionState): Value => state.chart.value;

export const contextOf = (state: SessionState): SessionContext => state.chart.context;

/** The deadline that this session has now, passed or not. */
export const dueOf = (state: SessionState): Due | undefined => nextDue(statusOf(state), contextOf(state).pace);

const eventOf = (fact: Fact, seq: number, at: number): FactEvent => ({ type: fact.type, fact, seq, at }) as FactEvent;
