/** The contract, served by what keeps it. */
import { json, type Route, route } from './route.ts';

export const specRoutes = (routes: readonly Route[]): readonly Route[] => [
  route({
    method: 'GET',
    path: '/v1/openapi.json',
    summary: 'The HTTP contract as OpenAPI 3.1.',
    who: 'anyone',
    // Loaded when asked for: the start is not the moment to walk codecs.
    answer: async () => json(200, (await import('../../specs/openapi.ts')).openApi(routes)),
  }),
  route({
    method: 'GET',
    path: '/v1/asyncapi.json',
    summary: 'The socket’s contract as AsyncAPI 3.0.',
    who: 'anyone',
    answer: async () => json(200, (await import('../../specs/asyncapi.ts')).asyncApi()),
  }),
];
