/** Compares what was said in some sessions with their history over HTTP: everything, once, in order. */

import type { Crowd } from './crowd.ts';
import { tokenFor } from './gate.ts';
import { sentence } from './sentences.ts';

interface Page {
  readonly messages: readonly { readonly seq: number; readonly text: string }[];
  readonly next: number | null;
}

const PAGE = 200;

/** What is wrong, in words; how many messages were compared. */
export const readBack = async (
  crowd: Crowd,
): Promise<{ readonly compared: number; readonly faults: readonly string[] }> => {
  const faults: string[] = [];
  let compared = 0;
  for (const { session, said } of crowd.visits) {
    if (said.length === 0) continue;
    const texts = await historyOf(crowd, session);
    compared += said.length;
    const wrong = said.findIndex((index, at) => texts[at] !== sentence(index));
    if (wrong !== -1)
      faults.push(`history of ${session}: message ${wrong + 1} of ${said.length} is another one or missing`);
    else if (texts.length > said.length)
      faults.push(`history of ${session}: ${texts.length} messages, ${said.length} said`);
  }
  return { compared, faults };
};

const historyOf = async (crowd: Crowd, session: string): Promise<readonly string[]> => {
  const { host, port } = crowd.order;
  const headers = { authorization: `Bearer ${tokenFor(crowd.order, 'agent', 'reader')}` };
  const texts: string[] = [];
  for (let after: number | null = 0; after !== null; ) {
    const url = `http://${host}:${port}/v1/sessions/${session}/messages?after=${after}&limit=${PAGE}`;
    const answer: Response = await fetch(url, { headers });
    if (answer.status !== 200) throw new Error(`history of ${session} was answered with ${answer.status}`);
    const page = (await answer.json()) as Page;
    texts.push(...page.messages.map(({ text }) => text));
    after = page.next;
  }
  return texts;
};
