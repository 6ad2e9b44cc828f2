/** Where a Kefu server's parts are, told from its address. */

const SOCKET_PATH = '/v1/socket';

/**
 * The server's HTTP address without a slash at its end. Takes `https://chat.example.com`, also below a path, also with
 * `ws:` or `wss:`, also the whole address of the socket. Throws a TypeError when it is no address.
 */
export const httpAddress = (address: string): string => {
  const url = new URL(address);
  if (!/^(http|ws)s?:$/.test(url.protocol)) throw new TypeError(`not an http, https, ws or wss address: ${address}`);
  const protocol = url.protocol.replace('ws', 'http');
  const path = url.pathname.replace(/\/+$/, '');
  return `${protocol}//${url.host}${path.endsWith(SOCKET_PATH) ? path.slice(0, -SOCKET_PATH.length) : path}`;
};

/** The address of the server's socket. */
export const socketAddress = (address: string): string => httpAddress(address).replace('http', 'ws') + SOCKET_PATH;
