/**
 * A POST to whoever thinks for the assistant. `node:http`, because Node's `fetch` holds a request's signal weakly: under load
 * it is collected as garbage, and the connection stays open for ever.
 */
import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

/** Connections are kept for the next question, and so many of them at most while nobody asks. */
const IDLE_CONNECTIONS_MAX = 64;
const agents = {
  'http:': new HttpAgent({ keepAlive: true, maxFreeSockets: IDLE_CONNECTIONS_MAX }),
  'https:': new HttpsAgent({ keepAlive: true, maxFreeSockets: IDLE_CONNECTIONS_MAX }),
};

/** To be destroyed by whoever does not wait any longer. */
export const post = (url: string, key: string | undefined, accept: string, body: string): ClientRequest => {
  const address = new URL(url);
  const isSecure = address.protocol === 'https:';
  const sent = (isSecure ? httpsRequest : httpRequest)(address, {
    method: 'POST',
    agent: agents[isSecure ? 'https:' : 'http:'],
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      accept,
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
    },
  });
  sent.end(body);
  return sent;
};

export const responseTo = (sent: ClientRequest): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    sent.on('response', resolve);
    // Also what goes wrong later comes by here, when somebody else has been told of it already.
    sent.on('error', reject);
    sent.on('close', () => reject(new Error('the connection was closed')));
  });
