/** Connections as the kernel knows them, without Node's stream around them: to be given to another process, or to another stream. */
import { type OnReadOpts, Socket, type SocketConstructorOpts } from 'node:net';
import type { Duplex } from 'node:stream';

/** Node's own form of a connection, which it can send to another process. */
export interface Handle {
  close(): void;
}

/**
 * Takes the connection from a stream, which is destroyed and knows nothing of it any more. `undefined` where it has none,
 * because it was closed.
 */
export const takeHandle = (raw: Duplex): Handle | undefined => {
  const holder: { _handle?: Handle | null } & Duplex = raw;
  const handle = holder._handle ?? undefined;
  holder._handle = null;
  raw.destroy();
  return handle;
};

/** What Node's types do not tell of a stream's options. */
interface NodesOwn {
  readonly handle: Handle;
  readonly manualStart: boolean;
  readonly onread: OnReadOpts;
}

/**
 * A stream that reads into a buffer which it shares with others, and calls back with how many bytes there are, before anyone
 * else reads; it has no `data`. A buffer, a chunk in a queue and a turn for each read would be a tenth of what a small frame costs.
 */
export const socketOf = (handle: Handle, buffer: Buffer, read: (bytes: number) => void): Socket => {
  const callback = (bytes: number): true => {
    read(bytes);
    return true;
  };
  const options: SocketConstructorOpts & NodesOwn = {
    handle,
    readable: true,
    writable: true,
    allowHalfOpen: true,
    // Until it is resumed.
    manualStart: true,
    onread: { buffer, callback },
  };
  return new Socket(options);
};
