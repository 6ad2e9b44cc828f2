/**
 * Drives the session's statechart one fact at a time. xstate's own step builds an actor, or at best a dozen sets and lists,
 * to find that a flat chart has one transition to take: 10 µs of a message's cost under load. The chart says all there is to
 * know, so its transitions are laid out once, by state and fact, and `properties/session-chart.test.ts` proves that a step
 * here is xstate's step.
 */
import { invariant } from '../events/invariant.ts';
import type { Status } from '../events/names.ts';
import { type FactEvent, type SessionContext, sessionMachine } from './session-machine.ts';

export type Value = Status | 'unopened';

/** Where a session stands, and what it remembers. */
export interface Chart {
  readonly value: Value;
  readonly context: SessionContext;
}

interface Step {
  readonly context: SessionContext;
  readonly event: FactEvent;
}

/** One way out of a state, or around in it. */
interface Move {
  readonly isOpen: (step: Step) => boolean;
  readonly target: Value | undefined;
  readonly assign: ((step: Step) => Partial<SessionContext>) | undefined;
}

/** The chart after the fact; `undefined` where its present state does not accept it. */
export const step = ({ value, context }: Chart, event: FactEvent): Chart | undefined => {
  const moves = movesIn[value][event.type];
  if (moves === undefined) return undefined;
  const given = { context, event };
  const move = moves.length === 1 ? moves[0] : moves.find(({ isOpen }) => isOpen(given));
  if (move === undefined || !move.isOpen(given)) return undefined;
  return {
    value: move.target ?? value,
    context: move.assign === undefined ? context : { ...context, ...move.assign(given) },
  };
};

type Moves = Readonly<Record<Value, Readonly<Partial<Record<string, readonly Move[]>>>>>;
type Machine = typeof sessionMachine;
type StateNode = Machine['root'];
type Transition = StateNode['transitions'] extends Map<string, readonly (infer T)[]> ? T : never;

const laidOut = ({ root, implementations }: Machine): Moves => {
  const moveOf = ({ guard, target, actions }: Transition): Move => {
    invariant(actions.length < 2 && (target?.length ?? 1) === 1, 'a transition has one target and one action at most');
    return {
      isOpen: guard === undefined ? () => true : guardOf(implementations, guard),
      target: target?.[0]?.key as Value | undefined,
      assign: actions[0] === undefined ? undefined : assignmentOf(implementations, actions[0]),
    };
  };
  const movesOf = (node: StateNode): readonly [string, Moves[Value]] => {
    const { entry, exit, always, after, invoke, states } = node;
    const others = [entry, exit, always ?? [], after, invoke, Object.keys(states)];
    invariant(
      others.every(({ length }) => length === 0),
      'the chart is flat: facts alone move it, and nothing else is done on the way',
    );
    return [
      node.key,
      Object.fromEntries([...node.transitions].map(([type, transitions]) => [type, transitions.map(moveOf)])),
    ];
  };
  return Object.fromEntries(Object.values(root.states).map(movesOf)) as Moves;
};

type Implementations = Machine['implementations'];

const guardOf = ({ guards }: Implementations, guard: unknown): Move['isOpen'] => {
  const found = guards[nameOf(guard)] as Move['isOpen'] | undefined;
  invariant(found !== undefined, 'a guard is named in the setup');
  return found;
};

/** What xstate's `assign` was given; an action that assigns nothing is there for xstate to see that a fact is accepted. */
const assignmentOf = ({ actions }: Implementations, action: unknown): Move['assign'] => {
  const found = actions[nameOf(action)] as unknown;
  invariant(typeof found === 'function', 'an action is named in the setup');
  return 'assignment' in found ? (found.assignment as Move['assign']) : undefined;
};

const nameOf = (named: unknown): string => (typeof named === 'string' ? named : (named as { type: string }).type);

const movesIn = laidOut(sessionMachine);

export const unopenedChart: Chart = { value: 'unopened', context: sessionMachine.config.context as SessionContext };
