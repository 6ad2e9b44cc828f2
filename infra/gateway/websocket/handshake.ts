/** The opening handshake (RFC 6455, section 4.2). */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const VERSION = '13';
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const KEY = /^[+/0-9A-Za-z]{22}==$/;

/** The rule that a request to upgrade breaks, if it breaks one. */
export const handshakeFlaw = ({ method, headers, httpVersion }: IncomingMessage): string | undefined => {
  if (method !== 'GET' || httpVersion !== '1.1') return 'method: expected GET over HTTP/1.1';
  if (headers.upgrade?.toLowerCase() !== 'websocket') return 'upgrade: expected websocket';
  if (headers['sec-websocket-version'] !== VERSION) return `sec-websocket-version: expected ${VERSION}`;
  return KEY.test(headers['sec-websocket-key'] ?? '') ? undefined : 'sec-websocket-key: expected 16 bytes in base64';
};

/** The answer that makes the connection a WebSocket, to a request without a flaw. */
export const handshakeAnswer = ({ headers }: IncomingMessage, subprotocol: string | undefined): string => {
  const accept = createHash('sha1').update(`${headers['sec-websocket-key']}${GUID}`).digest('base64');
  return [
    'HTTP/1.1 101 Switching Protocols',
    'upgrade: websocket',
    'connection: Upgrade',
    `sec-websocket-accept: ${accept}`,
    ...(subprotocol === undefined ? [] : [`sec-websocket-protocol: ${subprotocol}`]),
    '\r\n',
  ].join('\r\n');
};
