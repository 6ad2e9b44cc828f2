/** Ways to answer, well and badly. */
import type { Behaviour } from './model-server.ts';

/** Says it in pieces and comes to an end. */
export const saying =
  (...pieces: readonly string[]): Behaviour =>
  (turn) => {
    for (const piece of pieces) turn.say(piece);
    turn.finish();
  };

/** Takes the question and never says a word, not even a header. */
export const silent: Behaviour = () => undefined;

/** Begins and then says nothing more. */
export const hangingAfter =
  (...pieces: readonly string[]): Behaviour =>
  (turn) => {
    turn.begin();
    for (const piece of pieces) turn.say(piece);
  };

/** Dies in the middle of its answer. */
export const dyingAfter =
  (...pieces: readonly string[]): Behaviour =>
  async (turn) => {
    for (const piece of pieces) turn.say(piece);
    // What was written goes out before the end does.
    await new Promise(setImmediate);
    turn.cut();
  };

/** Every byte of the stream on its own, so that characters come in halves. */
export const inSingleBytes =
  (text: string): Behaviour =>
  async (turn) => {
    const bytes = Buffer.from(`data: ${JSON.stringify({ choices: [{ delta: { content: text } }] })}\n\n`);
    for (const byte of bytes) {
      turn.raw(Uint8Array.of(byte));
      await new Promise(setImmediate);
    }
    turn.finish();
  };

/** One after the other, the last for ever. */
export const inTurn =
  (...behaviours: readonly Behaviour[]): Behaviour =>
  (turn) =>
    (behaviours[Math.min(turn.nth, behaviours.length) - 1] ?? silent)(turn);
