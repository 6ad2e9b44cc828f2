/** {@link Reranker} by embeddings from an OpenAI-compatible endpoint. */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isLeft } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { Candidate } from '../../actors/assistant/knowledge-base.ts';
import type { Reranker } from '../../actors/assistant/reranker.ts';
import { decode, struct } from '../../events/codec.ts';
import type { Entry } from '../../events/knowledge.ts';
import { joinSignals } from '../joined-signal.ts';
import { post, responseTo } from './post.ts';

export interface EmbeddingsOptions {
  /** Base address; `/embeddings` is asked beneath it. */
  readonly url: string;
  readonly key: string | undefined;
  readonly model: string;
  /** How long a question's vector may take before the order stands as it was. */
  readonly withinMs?: number;
  /** Why there was no opinion: never what was asked. */
  readonly report?: (trouble: string, detail: Readonly<Record<string, unknown>>) => void;
}

type Vector = readonly number[];

const WITHIN_MS = 300;
/** Bytes of one answer. */
const ANSWER_BYTES_MAX = 4 * 1024 * 1024;
/** Vectors of entries that are kept, the least lately used forgotten first. */
const VECTORS_MAX = 20_000;
/** By how much nearness counts: a cosine that is a twentieth greater makes a choice e times likelier. */
const TEMPERATURE = 0.05;

const Answer = struct({ data: t.array(struct({ index: t.number, embedding: t.array(t.number) })) });

export class EmbeddingsReranker implements Reranker {
  readonly #options: EmbeddingsOptions;
  readonly #withinMs: number;
  /** By the hash of what they are the vector of. */
  readonly #vectors = new Map<string, Vector>();

  constructor(options: EmbeddingsOptions) {
    this.#options = options;
    this.#withinMs = options.withinMs ?? WITHIN_MS;
  }

  async rerank(question: string, choices: readonly Candidate[], signal: AbortSignal): Promise<readonly Candidate[]> {
    if (choices.length < 2 || signal.aborted) return choices;
    const late = AbortSignal.timeout(this.#withinMs);
    const { signal: either, release } = joinSignals(late, signal);
    try {
      return reordered(choices, await this.#vectorsOf(question, choices, either));
    } catch (error) {
      if (!signal.aborted)
        this.#options.report?.('embeddings gave no opinion', {
          why: late.aborted ? `no answer within ${this.#withinMs} ms` : whyOf(error),
        });
      return choices;
    } finally {
      release();
    }
  }

  /** The question's first. Entries whose vectors are not known yet go with the question in one request. */
  async #vectorsOf(
    question: string,
    choices: readonly Candidate[],
    signal: AbortSignal,
  ): Promise<readonly [Vector, ...Vector[]]> {
    const texts = choices.map(({ entry }) => textOf(entry));
    const keys = texts.map(hashOf);
    const unknown = keys.flatMap((key, at) => (this.#vectors.has(key) ? [] : [at]));
    const [asked, ...fresh] = await this.#embed([question, ...unknown.map((at) => texts[at] ?? '')], signal);
    unknown.forEach((at, place) => this.#remember(keys[at] ?? '', fresh[place] ?? []));
    const known = keys.flatMap((key) => toList(this.#recall(key)));
    const size = asked?.length ?? 0;
    if (asked !== undefined && size > 0 && known.length === keys.length && known.every(({ length }) => length === size))
      return [asked, ...known];
    // Whatever does not fit together must not stand in the way of the next question.
    for (const key of keys) this.#vectors.delete(key);
    throw new Unfit('the embeddings are not of one length');
  }

  async #embed(input: readonly string[], signal: AbortSignal): Promise<readonly Vector[]> {
    const { url, key, model } = this.#options;
    const body = JSON.stringify({ model, input, encoding_format: 'float' });
    const sent = post(`${url.replace(/\/+$/, '')}/embeddings`, key, 'application/json', body);
    const close = (): void => void sent.destroy();
    signal.addEventListener('abort', close);
    try {
      const response = await responseTo(sent);
      if (response.statusCode !== 200) throw new Unfit(`status ${response.statusCode}`);
      return vectorsIn(await read(response), input.length);
    } catch (error) {
      close();
      throw error;
    } finally {
      signal.removeEventListener('abort', close);
    }
  }

  #remember(key: string, vector: Vector): void {
    this.#vectors.set(key, vector);
    if (this.#vectors.size <= VECTORS_MAX) return;
    for (const oldest of this.#vectors.keys()) {
      this.#vectors.delete(oldest);
      return;
    }
  }

  #recall(key: string): Vector | undefined {
    const vector = this.#vectors.get(key);
    if (vector === undefined) return undefined;
    this.#vectors.delete(key);
    this.#vectors.set(key, vector);
    return vector;
  }
}

/** Why an answer is of no use, in words that may be logged. */
class Unfit extends Error {}

const read = async (response: IncomingMessage): Promise<unknown> => {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES_MAX) throw new Unfit('the answer is too long');
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new Unfit('the answer is no JSON');
  }
};

/** The error of a request may quote it: of others than our own only the code is told. */
const whyOf = (error: unknown): string => {
  if (error instanceof Unfit) return error.message;
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'broken off';
};

/** In the order of what was asked, which need not be that of the answer. */
const vectorsIn = (answer: unknown, count: number): readonly Vector[] => {
  const decoded = decode(Answer, answer);
  if (isLeft(decoded)) throw new Unfit('the answer is no list of embeddings');
  const vectors = Array.from({ length: count }, (): Vector => []);
  for (const { index, embedding } of decoded.right.data) if (index in vectors) vectors[index] = embedding;
  return vectors;
};

const toList = (vector: Vector | undefined): readonly Vector[] => (vector === undefined ? [] : [vector]);

const textOf = ({ question, also }: Entry): string => [question, ...(also ?? [])].join('\n');
const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url');

/** The choices' confidence together stays what it was; nearness to the question decides how it is shared out. */
const reordered = (
  choices: readonly Candidate[],
  [asked, ...vectors]: readonly [Vector, ...Vector[]],
): readonly Candidate[] => {
  const total = choices.reduce((sum, { confidence }) => sum + confidence, 0);
  const cosines = vectors.map((vector) => cosine(asked, vector));
  const nearest = Math.max(...cosines);
  const weights = choices.map(
    ({ confidence }, at) => confidence * Math.exp(((cosines[at] ?? 0) - nearest) / TEMPERATURE),
  );
  const sum = weights.reduce((all, each) => all + each, 0);
  return choices
    .map((choice, at) => ({
      ...choice,
      confidence: sum === 0 ? choice.confidence : (total * (weights[at] ?? 0)) / sum,
    }))
    .sort((one, other) => other.confidence - one.confidence);
};

const cosine = (one: Vector, other: Vector): number => {
  let [product, ofOne, ofOther] = [0, 0, 0];
  one.forEach((value, at) => {
    const another = other[at] ?? 0;
    product += value * another;
    ofOne += value * value;
    ofOther += another * another;
  });
  return ofOne === 0 || ofOther === 0 ? 0 : product / Math.sqrt(ofOne * ofOther);
};
