/** Who this browser is to the server: kept, so that a visitor comes back to the same conversation. */
import { realAmbient } from '../../client/index.ts';
import { readStored, writeStored } from '../chat/language.ts';

export interface Identity {
  /** What the session is opened with; the same again gives the same session. Nobody else may know it. */
  readonly clientId: string;
  /** Opening with the same id must say the same. */
  readonly locale: string;
  /** `undefined` until the visitor has said something. */
  readonly session?: string;
  readonly token?: string;
  /** Whether the visitor has rated the conversation. */
  readonly rated?: boolean;
}

const keyFor = (server: string): string => `kefu.visitor ${server}`;

export const newIdentity = (): Identity => ({
  clientId: realAmbient.randomId(),
  locale: navigator.language.slice(0, 35),
});

/** The kept identity, else a new one. */
export const loadIdentity = (server: string): Identity => {
  const stored = readStored(keyFor(server));
  if (stored === null) return newIdentity();
  try {
    const value = JSON.parse(stored) as Partial<Identity>;
    return typeof value.clientId === 'string' && typeof value.locale === 'string' ? (value as Identity) : newIdentity();
  } catch {
    return newIdentity();
  }
};

export const keepIdentity = (server: string, identity: Identity): void =>
  writeStored(keyFor(server), JSON.stringify(identity));
