/** One dialogue, played: the visitor asks for a person, an agent claims, and each turn waits until the other side has the one before. */

import type { Seat } from './agent.ts';
import type { Dialogue } from './dialogues.ts';
import type { Meter } from './meter.ts';
import type { Side } from './side.ts';
import type { Staff } from './staff.ts';
import type { Item } from './tally.ts';
import type { Reception, Visitor, Way } from './visitor.ts';
import { factItem, factKey, messageItem } from './witness.ts';

export interface Played {
  readonly dialogue: Dialogue;
  /** `undefined` where it could not be opened. */
  readonly session: string | undefined;
  /** What happened, as those who caused it know; what could not be played to its end has keys that nobody was told. */
  readonly happened: readonly Item[];
  /** What the two sides' sockets brought, and what their clients made of it. */
  readonly came: Readonly<Record<Party, readonly Item[]>>;
  /** Why it was not played to its end. */
  readonly failure: string | undefined;
}

export type Party = 'visitorSocket' | 'visitorClient' | 'agentSocket' | 'agentClient';

export interface Company {
  readonly reception: Reception;
  readonly staff: Staff;
  readonly meter: Meter;
}

export const playScene = async (dialogue: Dialogue, visitor: Visitor, way: Way, company: Company): Promise<Played> => {
  const { reception, staff, meter } = company;
  const happened: Item[] = [];
  let session: string | undefined;
  let seat: Seat | undefined;
  let failure: string | undefined;
  try {
    await visitor.enter(reception, way);
    session = visitor.handle.session;
    happened.push(factItem(1, 'SessionOpened'));
    const asked = await visitor.handle.do({ type: 'RequestHandoff' });
    happened.push(factItem(asked.seq, 'HandoffRequested'));
    seat = await staff.seat(session);
    happened.push(factItem(seat.claimSeq, 'SessionAssigned', seat.person.id));
    meter.moved();
    for (const turn of dialogue.turns) {
      const [speaker, listener]: readonly [Side, Side] = turn.role === 'visitor' ? [visitor, seat] : [seat, visitor];
      happened.push(await take(speaker, listener, turn.text, meter));
    }
    const closed = await seat.handle.do({ type: 'CloseSession' });
    happened.push(factItem(closed.seq, 'SessionClosed'));
    await Promise.all([visitor, seat].map(({ witness }) => witness.saw(factKey('SessionClosed'))));
  } catch (error) {
    failure = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const agentId = seat?.person.id ?? '';
    happened.push(...untold(dialogue, happened, visitor.person.id, agentId));
  } finally {
    seat?.leave();
    visitor.leave();
  }
  const came = {
    visitorSocket: itemsOf(visitor, session),
    visitorClient: visitor.witness.items,
    agentSocket: itemsOf(seat, session),
    agentClient: seat?.witness.items ?? [],
  };
  return { dialogue, session, happened, came, failure };
};

/** One turn: said, acknowledged, and seen by the other side. */
const take = async (speaker: Side, listener: Side, text: string, meter: Meter): Promise<Item> => {
  const saidAt = performance.now();
  meter.countSaid();
  const { seq, messageId = '' } = await speaker.handle.say(text);
  meter.countAcked();
  await listener.witness.saw(messageId);
  meter.countSeen(performance.now() - saidAt);
  return messageItem({ seq, messageId, author: speaker.person, text });
};

const itemsOf = (side: Side | undefined, session: string | undefined): readonly Item[] =>
  side?.wire.items.get(session ?? '') ?? [];

/** What the dialogue still had in it when it broke off: whether it is stored, nobody was told. */
const untold = (dialogue: Dialogue, told: readonly Item[], visitorId: string, agentId: string): readonly Item[] => {
  const id = { visitor: visitorId, agent: agentId };
  const whole = [
    ...['SessionOpened', 'HandoffRequested', 'SessionAssigned'].map((type) =>
      factItem(0, type, agentIn(type, agentId)),
    ),
    ...dialogue.turns.map(({ role, text }) =>
      messageItem({ seq: 0, messageId: '', author: { role, id: id[role] }, text }),
    ),
    factItem(0, 'SessionClosed'),
  ];
  return whole.slice(told.length);
};

const agentIn = (type: string, agentId: string): string => (type === 'SessionAssigned' ? agentId : '');
