/** A WebSocket that remembers every fact it was sent, before the client's own care for order and repetition. */
import { type RawData, WebSocket } from 'ws';
import type { SocketConstructor } from '../../infra/client/index.ts';
import type { Item } from './tally.ts';
import { type Fact, itemOf } from './witness.ts';

/** The contract promises `type` as the first key, so that other frames need not be parsed twice. */
const EVENT = '{"type":"event"';

/** What came over all sockets of one client, one after the other. */
export class Wire {
  /** By session, in the order it came. */
  readonly items = new Map<string, Item[]>();
  /** How many sockets it took. */
  sockets = 0;
  /** For the client to open its sockets with. */
  readonly Socket: SocketConstructor;

  constructor() {
    const opened = (): void => {
      this.sockets += 1;
    };
    const received = (data: RawData): void => this.#received((data as Buffer).toString());
    this.Socket = class extends WebSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols, { perMessageDeflate: false });
        this.on('open', opened);
        this.on('message', received);
      }
    };
  }

  #received(frame: string): void {
    if (!frame.startsWith(EVENT)) return;
    const { session, seq, event } = JSON.parse(frame) as { session: string; seq: number; event: Fact };
    const items = this.items.get(session);
    if (items === undefined) this.items.set(session, [itemOf(seq, event)]);
    else items.push(itemOf(seq, event));
  }
}
