/** A commit on its way into the log. */
import type { Commit } from '../commit.ts';
import type { Fact } from '../facts.ts';
import { Said } from './said.ts';
import { bytesOf, type Utf8, utf8 } from './utf8.ts';

/** As the log keeps it: JSON in UTF-8. */
export const encodeCommit = ({ v, session, seq, commit, at, events }: Commit): Buffer =>
  bytesOf(
    `{"v":${v},"session":${asJson(session)},"seq":${seq},"commit":${asJson(commit)},"at":${at},"events":[${events.map(encodeFact).join(',')}]}` as Utf8,
  );

const encodeFact = (fact: Fact): Utf8 =>
  fact instanceof Said
    ? (`{"type":"MessagePosted",${fact.keys},"clientId":${asJson(fact.clientId)}}` as Utf8)
    : asJson(fact);

const asJson = (value: unknown): Utf8 => utf8(JSON.stringify(value));
