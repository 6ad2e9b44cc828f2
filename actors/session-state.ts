/** A session's state: what its facts, folded in order, come to. */
import { type AnyActorScope, createActor, type SnapshotFrom } from 'xstate';
import { type Commit, lastSeq } from '../events/commit.ts';
import type { Due } from '../events/deadlines.ts';
import type { Fact } from '../events/facts.ts';
import { invariant } from '../events/invariant.ts';
import type { Status } from '../events/names.ts';
import { nextDue } from '../events/pace.ts';
import { type FactEvent, type SessionContext, sessionMachine } from './session-machine.ts';

type Snapshot = SnapshotFrom<typeof sessionMachine>;

export interface SessionState {
  /** Seq of the newest fact, 0 before the first. */
  readonly seq: number;
  /** Unix milliseconds of the newest commit, 0 before the first. */
  readonly at: number;
  readonly chart: Snapshot;
}

/**
 * xstate's own `transition()` builds an actor each call, ten times the cost of the step itself. The machine has no
 * children and runs no effects, so that one inert scope can serve every step of every session.
 */
const inert: AnyActorScope = (() => {
  const self = createActor(sessionMachine);
  const nothing = (): void => undefined;
  return {
    self,
    id: '',
    sessionId: '',
    system: self.system,
    logger: nothing,
    defer: nothing,
    emit: nothing,
    stopChild: nothing,
    actionExecutor: nothing,
  };
})();

export const unopened: SessionState = { seq: 0, at: 0, chart: sessionMachine.getInitialSnapshot(inert, undefined) };

/** The state after one more fact. Total: a fact that the chart does not know in this state moves on the seq alone. */
export const evolve = (state: SessionState, fact: Fact, at: number): SessionState => {
  const seq = state.seq + 1;
  return { seq, at, chart: sessionMachine.transition(state.chart, eventOf(fact, seq, at), inert) };
};

/** The state after one more commit. */
export const evolveCommit = (state: SessionState, commit: Commit): SessionState => {
  invariant(commit.seq === state.seq + 1, 'a commit continues its session without a gap');
  const after = commit.events.reduce((each, fact) => evolve(each, fact, commit.at), state);
  invariant(after.seq === lastSeq(commit), 'seq advances by one for each fact');
  return after;
};

/** Whether the chart takes this fact now. */
export const accepts = (state: SessionState, fact: Fact, at: number): boolean =>
  state.chart.can(eventOf(fact, state.seq + 1, at));

export const statusOf = (state: SessionState): Status | 'unopened' => state.chart.value;

export const contextOf = (state: SessionState): SessionContext => state.chart.context;

/** The deadline that this session has now, passed or not. */
export const dueOf = (state: SessionState): Due | undefined => nextDue(statusOf(state), contextOf(state).pace);

/** What a chart comes down to: where it stands, and what it remembers. */
export interface ChartRecord {
  readonly value: Status | 'unopened';
  readonly context: SessionContext;
}

export const chartRecord = ({ chart }: SessionState): ChartRecord => ({ value: chart.value, context: chart.context });

/** The state that {@link chartRecord} was taken of. */
export const stateOf = (seq: number, at: number, chart: ChartRecord): SessionState => ({
  seq,
  at,
  chart: sessionMachine.resolveState({ ...chart, historyValue: {} }),
});

const eventOf = (fact: Fact, seq: number, at: number): FactEvent => ({ type: fact.type, fact, seq, at }) as FactEvent;
