/**
 * The statechart of a session: the judge of which fact may follow which. Its events are facts. It has no children, timers
 * or invoked promises, because none of them would survive a replay: deadlines are facts too.
 */
import { assign, setup } from 'xstate';
import type { Choice } from '../events/assistant.ts';
import type { FactOf, FactType } from '../events/facts.ts';
import type { Metadata } from '../events/metadata.ts';
import { type Pace, paceAfter } from '../events/pace.ts';

/** What the session must remember to judge the next command. */
export interface SessionContext {
  readonly visitor: { readonly id: string; readonly name?: string | undefined };
  readonly locale: string | undefined;
  readonly metadata: Metadata | undefined;
  readonly openedAt: number;
  readonly closedAt: number | undefined;
  readonly assignee: string | null;
  /** Seq of the visitor's newest message, 0 before the first. */
  readonly visitorSeq: number;
  /** Seq up to which the visitor has had an answer: from a person, or the assistant's word on everything up to `basedOn`. */
  readonly answeredSeq: number;
  /** Seq of the newest change of who answers: assignment, hand-off, release, reopening. */
  readonly turnSeq: number;
  /** The assistant's newest offer, which can be chosen from. */
  readonly offer: Offer | undefined;
  readonly readByVisitor: number;
  readonly readByStaff: number;
  readonly score: number | undefined;
  /** What the deadlines rest on; `undefined` for a session without any. */
  readonly pace: Pace | undefined;
}

export interface Offer {
  /** Seq of its `ChoicesOffered`. */
  readonly seq: number;
  readonly choices: readonly Choice[];
}

/** A fact with its place and time, as the machine receives it. */
export type FactEvent = { [T in FactType]: { type: T; fact: FactOf<T>; seq: number; at: number } }[FactType];

const unopened: SessionContext = {
  visitor: { id: '' },
  locale: undefined,
  metadata: undefined,
  openedAt: 0,
  closedAt: undefined,
  assignee: null,
  visitorSeq: 0,
  answeredSeq: 0,
  turnSeq: 0,
  offer: undefined,
  readByVisitor: 0,
  readByStaff: 0,
  score: undefined,
  pace: undefined,
};

const factOf = <T extends FactType>(event: FactEvent, type: T): FactOf<T> => {
  if (event.type !== type) throw new Error(`the ${type} action was wired to ${event.type}`);
  return event.fact as FactOf<T>;
};

interface Step {
  readonly context: SessionContext;
  readonly event: FactEvent;
}

const pacedBy = ({ context, event }: Step): Pace | undefined => paceAfter(context.pace, event.fact, event.at);

const chart = setup({
  types: { context: {} as SessionContext, events: {} as FactEvent },
  guards: {
    hadPerson: ({ context }) => context.assignee !== null,
  },
  actions: {
    open: assign((step) => {
      const { visitor, locale, metadata } = factOf(step.event, 'SessionOpened');
      return { visitor, locale, metadata, openedAt: step.event.at, pace: pacedBy(step) };
    }),
    hear: assign((step) => {
      const { author, basedOn } = factOf(step.event, 'MessagePosted');
      const { seq } = step.event;
      const pace = pacedBy(step);
      return author.role === 'visitor' ? { visitorSeq: seq, pace } : { answeredSeq: basedOn ?? seq, pace };
    }),
    decided: assign((step) => ({
      answeredSeq: factOf(step.event, 'AssistantDecided').basedOn,
      pace: pacedBy(step),
    })),
    refuse: assign((step) => ({
      answeredSeq: factOf(step.event, 'AssistantRefused').basedOn,
      pace: pacedBy(step),
    })),
    offer: assign((step) => {
      const { basedOn, choices } = factOf(step.event, 'ChoicesOffered');
      return { answeredSeq: basedOn, offer: { seq: step.event.seq, choices }, pace: pacedBy(step) };
    }),
    assignTo: assign((step) => ({
      assignee: factOf(step.event, 'SessionAssigned').agent,
      turnSeq: step.event.seq,
      pace: pacedBy(step),
    })),
    transfer: assign((step) => ({
      assignee: factOf(step.event, 'SessionTransferred').to,
      turnSeq: step.event.seq,
      pace: pacedBy(step),
    })),
    release: assign((step) => ({ assignee: null, turnSeq: step.event.seq, pace: pacedBy(step) })),
    handOff: assign((step) => ({ turnSeq: step.event.seq, pace: pacedBy(step) })),
    pass: assign((step) => ({ pace: pacedBy(step) })),
    read: assign(({ context, event }) => {
      const { by, upTo } = factOf(event, 'MessagesRead');
      return by.role === 'visitor'
        ? { readByVisitor: Math.max(context.readByVisitor, upTo) }
        : { readByStaff: Math.max(context.readByStaff, upTo) };
    }),
    rate: assign(({ event }) => ({ score: factOf(event, 'SessionRated').score })),
    close: assign((step) => ({ closedAt: step.event.at, pace: pacedBy(step) })),
    /** Changes nothing; without an action xstate takes the fact for one that is not accepted. */
    note: () => undefined,
    reopen: assign((step) => ({
      closedAt: undefined,
      assignee: null,
      turnSeq: step.event.seq,
      pace: pacedBy(step),
    })),
  },
});

/** What fits an open session in any state. */
const always = {
  NoteAdded: { actions: 'note' },
  MessagesRead: { actions: 'read' },
  SessionRated: { actions: 'rate' },
} as const;
const open = {
  ...always,
  MessagePosted: { actions: 'hear' },
  DeadlinePassed: { actions: 'pass' },
  SessionClosed: { target: 'closed', actions: 'close' },
} as const;

export const sessionMachine = chart.createMachine({
  id: 'session',
  context: unopened,
  initial: 'unopened',
  states: {
    unopened: { on: { SessionOpened: { target: 'assistant', actions: 'open' } } },
    assistant: {
      on: {
        ...open,
        AssistantDecided: { actions: 'decided' },
        AssistantRefused: { actions: 'refuse' },
        ChoicesOffered: { actions: 'offer' },
        HandoffRequested: { target: 'queued', actions: 'handOff' },
        SessionAssigned: { target: 'assigned', actions: 'assignTo' },
      },
    },
    queued: { on: { ...open, SessionAssigned: { target: 'assigned', actions: 'assignTo' } } },
    assigned: {
      on: {
        ...open,
        SessionTransferred: { actions: 'transfer' },
        SessionReleased: { target: 'queued', actions: 'release' },
      },
    },
    closed: {
      on: {
        ...always,
        SessionReopened: [
          { guard: 'hadPerson', target: 'queued', actions: 'reopen' },
          { target: 'assistant', actions: 'reopen' },
        ],
      },
    },
  },
});
