/** The two headers of an append, in the form in which they are sent. */
import type { MsgHdrs } from 'nats';

/**
 * `expected` is the fence: the server stores the message only if the subject's last one has this sequence, 0 for none.
 * `id` lets it recognise the same append sent again.
 *
 * The client asks the headers of what it publishes for nothing but `encode()`. Its own class spends 2 µs on an append's
 * two headers, as much as everything else on the way; this one spends a fifth of that.
 */
export const appendHeaders = (expected: number, id: string): MsgHdrs => {
  const encoded = Buffer.from(
    `NATS/1.0\r\nNats-Expected-Last-Subject-Sequence: ${expected}\r\nNats-Msg-Id: ${id}\r\n\r\n`,
    'latin1',
  );
  return { encode: () => encoded } as unknown as MsgHdrs;
};
