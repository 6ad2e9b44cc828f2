/** A message of the knowledge log as an edit with its place, whatever the log is made of. */
import { isLeft } from 'fp-ts/lib/Either.js';
import { decode, sayFlaws } from '../events/codec.ts';
import { KnowledgeEdit, type StoredEdit } from '../events/knowledge-log.ts';

/** Throws an error that names the place and the broken rule, never what is written there. */
export const storedEdit = (log: string, tenant: string, revision: number, body: string): StoredEdit => {
  const decoded = decode<KnowledgeEdit>(KnowledgeEdit, parsed(body));
  if (isLeft(decoded))
    throw new Error(`${log} holds something else than an edit at position ${revision}: ${sayFlaws(decoded.left)}`);
  return { tenant, revision, edit: decoded.right };
};

const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
};
