/** A visitor of a play: a socket of their own, and one session. */
import { type Ambient, connectKefu, type KefuClient, type SessionHandle } from '../../infra/client/index.ts';
import type { Api } from './api.ts';
import type { Badges } from './badges.ts';
import { Wire } from './recording-socket.ts';
import type { Side } from './side.ts';
import { Witness } from './witness.ts';

export interface Reception {
  readonly url: string;
  /** Clock, chance and timers of the clients. */
  readonly ambient: Ambient;
  readonly api: Api;
  readonly badges: Badges;
  /** The platform's own token, to open sessions for its visitors. */
  readonly serviceToken: string;
}

/** How the visitor gets a session: over the socket with a token of their own, or from the platform's back end over HTTP. */
export type Way = 'socket' | 'platform';

export class Visitor implements Side {
  readonly person: Side['person'];
  readonly witness = new Witness();
  readonly wire = new Wire();
  #client: KefuClient | undefined;
  #handle: SessionHandle | undefined;

  constructor(id: string) {
    this.person = { role: 'visitor', id };
  }

  get handle(): SessionHandle {
    if (this.#handle === undefined) throw new Error('the visitor has not entered');
    return this.#handle;
  }

  async enter(reception: Reception, way: Way): Promise<void> {
    const { id } = this.person;
    const { url, api, badges, serviceToken, ambient } = reception;
    const connecting = { url, ambient, WebSocket: this.wire.Socket };
    const listener = {
      onEvent: ({ seq, event }: { readonly seq: number; readonly event: { readonly type: string } }) =>
        this.witness.see(seq, event),
      onRefused: (refusal: Error) => this.witness.giveUp(refusal),
    };
    if (way === 'socket') {
      this.#client = connectKefu({ ...connecting, token: badges.tokenFor('visitor', id) });
      this.#handle = await this.#client.open({ visitor: { name: id }, metadata: { way }, ...listener });
    } else {
      const body = { clientId: ambient.randomId(), visitor: { id, name: id }, metadata: { way } };
      const opened = await api.post<{ session: string; token: string }>('/v1/sessions', serviceToken, body);
      this.#client = connectKefu({ ...connecting, token: opened.token });
      this.#handle = this.#client.join(opened.session, listener);
    }
  }

  leave(): void {
    this.#client?.close();
  }

  giveUp(why: Error): void {
    this.witness.giveUp(why);
    this.leave();
  }
}
