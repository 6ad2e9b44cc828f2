/** The socket's contract as AsyncAPI 3.0, walked from the frames' codecs. */
import type { JsonSchema, Tagged } from '../../events/codec.ts';
import { ClientFrame, closeCodes, ServerFrame, SUBPROTOCOL } from '../../events/frames.ts';
import { schemaOf } from './json-schema.ts';

export const asyncApi = (): JsonSchema => ({
  asyncapi: '3.0.0',
  info: {
    title: 'Kefu socket',
    version: '1',
    description: `Subprotocol ${SUBPROTOCOL}; text frames, one JSON object each. Close codes: ${Object.entries(
      closeCodes,
    )
      .map(([name, code]) => `${code} ${name}`)
      .join(', ')}.`,
  },
  channels: {
    socket: {
      address: '/v1/socket',
      messages: { ...messagesOf('client', ClientFrame), ...messagesOf('server', ServerFrame) },
    },
  },
  operations: {
    receive: { action: 'receive', channel: { $ref: '#/channels/socket' }, messages: refsTo('client', ClientFrame) },
    send: { action: 'send', channel: { $ref: '#/channels/socket' }, messages: refsTo('server', ServerFrame) },
  },
});

type Frames = Pick<Tagged<unknown>, 'members'>;

const messagesOf = (side: string, frames: Frames): Record<string, JsonSchema> =>
  Object.fromEntries(
    Object.entries(frames.members).map(([type, codec]) => [
      `${side}-${type}`,
      { name: type, payload: schemaOf(codec) },
    ]),
  );

const refsTo = (side: string, frames: Frames): readonly JsonSchema[] =>
  Object.keys(frames.members).map((type) => ({ $ref: `#/channels/socket/messages/${side}-${type}` }));
