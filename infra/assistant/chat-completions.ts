/**
 * One request to an OpenAI-compatible `/chat/completions`, its answer streamed. Everything that a server can do wrong ends
 * here as a failure; nothing of what was said gets into an error or a log.
 */

import type { IncomingMessage } from 'node:http';
import { createParser } from 'eventsource-parser';
import { isLeft } from 'fp-ts/lib/Either.js';
import type { ModelRequest, Tokens } from '../../actors/assistant/model.ts';
import { decode } from '../../events/codec.ts';
import { ChatChunk } from './chat-chunk.ts';
import { post, responseTo } from './post.ts';

export interface ChatServer {
  /** With or without `/chat/completions` at its end. */
  readonly url: string;
  readonly key: string | undefined;
  readonly model: string;
}

export type Attempt =
  | { readonly _tag: 'Said'; readonly text: string; readonly tokens: Tokens }
  | { readonly _tag: 'Filtered' }
  /** `retryAfterMs` where the server says when to come back. */
  | { readonly _tag: 'Failed'; readonly isWorthRetrying: boolean; readonly retryAfterMs?: number; readonly why: string }
  /** The server does not take a key that not every server knows. */
  | { readonly _tag: 'Unaccepted' };

/** Bytes of one answer, with everything around its words. */
const ANSWER_BYTES_MAX = 1024 * 1024;
/** How long to wait for the counts behind an answer that is complete, in milliseconds. */
const COUNTS_WITHIN_MS = 200;
/** How long a connection may take to end its answer before it is closed. */
const ENDS_WITHIN_MS = 200;

/** Rejects with the signal's reason when it is raised; the connection is closed by then. */
export const complete = async (
  server: ChatServer,
  request: ModelRequest,
  isBare: boolean,
  signal: AbortSignal,
  onText: (piece: string) => void,
): Promise<Attempt> => {
  signal.throwIfAborted();
  const accept = 'text/event-stream, application/json';
  const sent = post(addressOf(server.url), server.key, accept, bodyOf(server, request, isBare));
  const close = (): void => void sent.destroy();
  signal.addEventListener('abort', close);
  try {
    const response = await responseTo(sent);
    if (response.statusCode !== 200) {
      close();
      return refused(response, isBare);
    }
    const answer = new ChatAnswer(onText);
    const reading = read(response, answer);
    await Promise.race([reading, answer.completed]);
    signal.throwIfAborted();
    if (answer.isComplete) endsSoon(reading, close);
    else close();
    return answer.outcome();
  } catch (error) {
    close();
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', close);
  }
};

const bodyOf = (server: ChatServer, { messages, answerTokensMax }: ModelRequest, isBare: boolean): string =>
  JSON.stringify({
    model: server.model,
    messages,
    stream: true,
    ...(isBare ? {} : { max_tokens: answerTokensMax, temperature: 0.2, stream_options: { include_usage: true } }),
  });

/** The end of the stream is all that is missing when the connection is to be used again, and it is not waited for. */
const endsSoon = (reading: Promise<void>, close: () => void): void => {
  const timer = setTimeout(close, ENDS_WITHIN_MS);
  timer.unref();
  const end = (): void => clearTimeout(timer);
  reading.then(end, end);
};

const addressOf = (url: string): string => {
  const base = url.replace(/\/+$/, '');
  return base.endsWith('/chat/completions') ? base : `${base}/chat/completions`;
};

const refused = ({ statusCode: status = 0, headers }: IncomingMessage, isBare: boolean): Attempt => {
  if (status === 400 && !isBare) return { _tag: 'Unaccepted' };
  const isWorthRetrying = status === 408 || status === 429 || status >= 500;
  const seconds = Number(headers['retry-after'] ?? Number.NaN);
  const retryAfterMs = Number.isFinite(seconds) && seconds >= 0 ? { retryAfterMs: seconds * 1_000 } : {};
  return { _tag: 'Failed', isWorthRetrying, ...retryAfterMs, why: `status ${status}` };
};

const read = async (response: IncomingMessage, answer: ChatAnswer): Promise<void> => {
  // Text that is no UTF-8 throws, wherever its bytes are cut.
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const isStream = response.headers['content-type']?.includes('event-stream') ?? false;
  const parser = createParser({
    maxBufferSize: ANSWER_BYTES_MAX,
    onEvent: ({ data }) => answer.take(data),
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') throw error;
    },
  });
  let bytes = 0;
  let whole = '';
  for await (const chunk of response as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES_MAX) throw new Error('the answer is too long');
    const text = decoder.decode(chunk, { stream: true });
    if (isStream) parser.feed(text);
    else whole += text;
  }
  const rest = decoder.decode();
  if (isStream) parser.feed(rest);
  else answer.take(whole + rest);
};

/** The answer as it comes together. */
class ChatAnswer {
  /** Resolves when all is here that is of use; the rest of the connection may go on. */
  readonly completed: Promise<void>;
  readonly #onText: (piece: string) => void;
  #complete: () => void = () => undefined;
  #isComplete = false;
  #text = '';
  #finish: string | undefined;
  #flaw: string | undefined;
  #tokens: Tokens = {};

  constructor(onText: (piece: string) => void) {
    this.#onText = onText;
    this.completed = new Promise((resolve) => {
      this.#complete = resolve;
    });
  }

  get isComplete(): boolean {
    return this.#isComplete;
  }

  take(data: string): void {
    if (this.#isComplete) return;
    if (data.trim() === '[DONE]') {
      this.#end();
      return;
    }
    const chunk = chunkOf(data);
    if (chunk === undefined || (chunk.error !== undefined && chunk.error !== null)) {
      this.#flaw = chunk === undefined ? 'a malformed chunk' : 'an error in the stream';
      this.#end();
      return;
    }
    const { prompt_tokens: promptTokens, completion_tokens: completionTokens } = chunk.usage ?? {};
    if (promptTokens !== undefined) this.#tokens = { ...this.#tokens, promptTokens };
    if (completionTokens !== undefined) this.#tokens = { ...this.#tokens, completionTokens };
    const [choice] = chunk.choices ?? [];
    if (choice === undefined) return;
    const piece = choice.delta?.content ?? choice.message?.content ?? '';
    if (piece !== '') {
      this.#text += piece;
      this.#onText(piece);
    }
    if (typeof choice.finish_reason !== 'string' || this.#finish !== undefined) return;
    this.#finish = choice.finish_reason;
    setTimeout(() => this.#end(), COUNTS_WITHIN_MS).unref();
  }

  outcome(): Attempt {
    const failed = (why: string): Attempt => ({ _tag: 'Failed', isWorthRetrying: this.#text === '', why });
    if (this.#flaw !== undefined) return failed(this.#flaw);
    if (this.#finish === 'content_filter') return { _tag: 'Filtered' };
    if (this.#finish === undefined && !this.#isComplete) return failed('broken off');
    return { _tag: 'Said', text: this.#text, tokens: this.#tokens };
  }

  #end(): void {
    this.#isComplete = true;
    this.#complete();
  }
}

const chunkOf = (data: string): ChatChunk | undefined => {
  try {
    const chunk = decode<ChatChunk>(ChatChunk, JSON.parse(data));
    return isLeft(chunk) ? undefined : chunk.right;
  } catch {
    return undefined;
  }
};
