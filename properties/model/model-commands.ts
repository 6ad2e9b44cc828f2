/** What may happen to a session, as random commands that know what the model makes of them. */
import fc from 'fast-check';
import type { Ask } from '../../actors/decide.ts';
import type { Command } from '../../events/commands.ts';
import type { Person } from '../../events/facts.ts';
import { judge, type SessionModel } from './session-model.ts';
import type { SessionUnderTest } from './session-under-test.ts';

type ModelCommand = fc.AsyncCommand<SessionModel, SessionUnderTest>;

const visitor = (id: string): Person => ({ role: 'visitor', id });
const people: readonly (readonly [weight: number, Person])[] = [
  [8, visitor('li')],
  [1, visitor('mo')],
  [6, { role: 'agent', id: 'alice' }],
  [4, { role: 'agent', id: 'bob' }],
  [2, { role: 'admin', id: 'root' }],
  [2, { role: 'service', id: 'platform' }],
  [1, { role: 'analyst', id: 'eve' }],
  [4, { role: 'assistant', id: 'assistant' }],
  [1, { role: 'system', id: 'kefu' }],
];
const person = fc.oneof(...people.map(([weight, each]) => ({ weight, arbitrary: fc.constant(each) })));

/** Some commands point to a seq, which only the model knows when it is their turn. */
type Asking = (model: SessionModel) => Command;

const near = (of: (model: SessionModel) => number, make: (seq: number) => Command): fc.Arbitrary<Asking> =>
  fc.integer({ min: -2, max: 1 }).map((offset) => (model) => make(Math.max(1, of(model) + offset)));
const plain = (commands: fc.Arbitrary<Command>): fc.Arbitrary<Asking> => commands.map((command) => () => command);
const text = fc.constantFrom('hello', '你好', 'a\nb');
const choices = [
  { entry: 'return', question: 'hello' },
  { entry: 'refund', question: '你好' },
];
const turnOf = ({ visitorSeq, turnSeq }: SessionModel): number => Math.max(visitorSeq, turnSeq);

const asking: fc.Arbitrary<Asking> = fc.oneof(
  { weight: 3, arbitrary: plain(fc.constantFrom('li', 'mo').map((id) => ({ type: 'OpenSession', visitor: { id } }))) },
  { weight: 6, arbitrary: plain(text.map((said) => ({ type: 'PostMessage', text: said }))) },
  { weight: 3, arbitrary: plain(fc.constant({ type: 'RequestHandoff' })) },
  { weight: 4, arbitrary: plain(fc.constant({ type: 'ClaimSession' })) },
  { weight: 2, arbitrary: plain(fc.constantFrom('alice', 'bob').map((to) => ({ type: 'TransferSession', to }))) },
  { weight: 2, arbitrary: plain(fc.constant({ type: 'ReleaseSession' })) },
  { weight: 2, arbitrary: plain(text.map((said) => ({ type: 'AddNote', text: said }))) },
  { weight: 2, arbitrary: plain(fc.integer({ min: 1, max: 5 }).map((score) => ({ type: 'RateSession', score }))) },
  { weight: 2, arbitrary: plain(fc.constant({ type: 'CloseSession' })) },
  { weight: 3, arbitrary: plain(fc.constant({ type: 'ReopenSession' })) },
  { weight: 1, arbitrary: plain(fc.constant({ type: 'MeetDeadline', deadline: 'idle-close', dueAt: 1 })) },
  {
    weight: 2,
    arbitrary: near(
      ({ seq }) => seq,
      (upTo) => ({ type: 'MarkRead', upTo }),
    ),
  },
  { weight: 3, arbitrary: near(turnOf, (basedOn) => ({ type: 'Answer', basedOn, text: 'an answer' })) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(
        { why: 'unknown', note: 'what was tried' } as const,
        { why: 'asked' } as const,
        { why: 'unceasing' } as const,
      )
      .chain((more) => near(turnOf, (basedOn) => ({ type: 'HandOff', basedOn, ...more }))),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom({}, { text: 'not that, please' }, { note: 'what was tried' })
      .chain((more) =>
        near(turnOf, (basedOn) => ({ type: 'RefuseAnswer', basedOn, code: 403, why: 'sensitive_question', ...more })),
      ),
  },
  { weight: 3, arbitrary: near(turnOf, (basedOn) => ({ type: 'OfferChoices', basedOn, text: 'which one?', choices })) },
  {
    weight: 3,
    arbitrary: fc.constantFrom('return', 'refund', 'nothing').chain((entry) =>
      near(
        ({ offer }) => (offer?.seq ?? 0) + 1,
        (offer) => ({ type: 'ChooseAnswer', offer, entry }),
      ),
    ),
  },
);

/** Everything that was asked of one session so far, for whoever repeats it. */
const past = new WeakMap<SessionModel, Ask[]>();

class Asked implements ModelCommand {
  readonly #process: number;
  readonly #by: Person;
  readonly #asking: Asking;
  readonly #clientId: string;
  #ask: Ask | undefined;

  constructor(process: number, by: Person, command: Asking, clientId: string) {
    this.#process = process;
    this.#by = by;
    this.#asking = command;
    this.#clientId = clientId;
  }

  check(): boolean {
    return true;
  }

  async run(model: SessionModel, session: SessionUnderTest): Promise<void> {
    const ask = { by: this.#by, clientId: this.#clientId, command: this.#asking(model) };
    this.#ask = ask;
    await carryOut(model, session, this.#process, ask);
  }

  toString(): string {
    return `${this.#by.id} asks process ${this.#process} as ${this.#clientId}: ${JSON.stringify(this.#ask?.command)}`;
  }
}

/** The same once more, word for word or with another body, from anywhere. */
class AskedAgain implements ModelCommand {
  readonly #process: number;
  readonly #nth: number;
  readonly #other: boolean;
  #ask: Ask | undefined;

  constructor(process: number, nth: number, other: boolean) {
    this.#process = process;
    this.#nth = nth;
    this.#other = other;
  }

  check(model: Readonly<SessionModel>): boolean {
    return (past.get(model)?.length ?? 0) > 0;
  }

  async run(model: SessionModel, session: SessionUnderTest): Promise<void> {
    const asks = past.get(model) ?? [];
    const first = asks[this.#nth % asks.length];
    if (first === undefined) return;
    const isOwn = first.by.role === 'assistant' || first.by.role === 'system';
    const command: Command = this.#other && !isOwn ? { type: 'PostMessage', text: 'something else' } : first.command;
    this.#ask = { ...first, command };
    await carryOut(model, session, this.#process, this.#ask);
  }

  toString(): string {
    return `process ${this.#process} is asked again: ${JSON.stringify(this.#ask)}`;
  }
}

const carryOut = async (model: SessionModel, session: SessionUnderTest, process: number, ask: Ask): Promise<void> => {
  const asks = past.get(model) ?? [];
  past.set(model, asks);
  asks.push(ask);
  const answer = await session.ask(process, ask);
  session.compare(ask, answer, judge(model, ask.by, ask.clientId, ask.command));
  await session.compareState(process, model);
};

/** What happens to the processes, and changes nothing of the session. */
class Happening implements ModelCommand {
  readonly #what: string;
  readonly #happen: (session: SessionUnderTest) => void;

  constructor(what: string, happen: (session: SessionUnderTest) => void) {
    this.#what = what;
    this.#happen = happen;
  }

  check(): boolean {
    return true;
  }

  run(_: SessionModel, session: SessionUnderTest): Promise<void> {
    this.#happen(session);
    return Promise.resolve();
  }

  toString(): string {
    return this.#what;
  }
}

const process = fc.nat(1);

const happening: fc.Arbitrary<ModelCommand> = fc.oneof(
  process.map((nth) => new Happening(`process ${nth} forgets what rests`, (session) => session.rest(nth))),
  process.map((nth) => new Happening(`process ${nth} starts anew`, (session) => session.restart(nth))),
  fc
    .tuple(process, fc.constantFrom(-86_400_000, -1, 1, 86_400_000))
    .map(([nth, ms]) => new Happening(`the clock of ${nth} jumps by ${ms} ms`, (session) => session.setClock(nth, ms))),
  fc
    .constantFrom('lost-ack' as const, 'lost-append' as const, 'failure' as const)
    .map((fault) => new Happening(`the next append: ${fault}`, (session) => session.goWrong(fault))),
);

const asked: fc.Arbitrary<ModelCommand> = fc
  .tuple(process, person, asking, fc.uuid())
  .map(([nth, by, command, clientId]) => new Asked(nth, by, command, clientId));
const askedAgain: fc.Arbitrary<ModelCommand> = fc
  .tuple(process, fc.nat(), fc.boolean())
  .map(([nth, which, other]) => new AskedAgain(nth, which, other));

/** Weighed by repetition: most are new commands. */
export const sessionCommands = (most: number): fc.Arbitrary<Iterable<ModelCommand>> =>
  fc.commands([asked, asked, asked, asked, asked, askedAgain, happening], { maxCommands: most, size: 'max' });

/** The session begins as most do. */
export const opening: ModelCommand = new Asked(
  0,
  visitor('li'),
  () => ({ type: 'OpenSession', visitor: { id: 'li' } }),
  'opening',
);
