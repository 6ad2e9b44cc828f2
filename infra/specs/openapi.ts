/** The HTTP contract as OpenAPI 3.1, walked from the table of routes. */
import type * as t from 'io-ts';
import type { JsonSchema } from '../../events/codec.ts';
import { Name } from '../../events/names.ts';
import type { Route } from '../gateway/http/route.ts';
import { schemaOf } from './json-schema.ts';

export const openApi = (routes: readonly Route[]): JsonSchema => {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Kefu',
      version: '1',
      description: 'A customer-service chat backbone.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: { Problem: problemSchema },
    },
  };
};

const problemSchema: JsonSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: {
      type: 'string',
      enum: [
        'invalid',
        'unauthenticated',
        'forbidden',
        'not_found',
        'refused',
        'id_reused',
        'too_large',
        'rate_limited',
        'unavailable',
        'internal',
      ],
    },
    reason: { type: 'string', description: 'Which rule of the state refused it.' },
  },
};

const operationOf = (route: Route): Record<string, unknown> => ({
  summary: route.summary,
  security: route.who === 'anyone' ? [{}, { bearer: [] }] : [{ bearer: [] }],
  ...(route.who === 'anyone' ? {} : { 'x-roles': route.who }),
  parameters: [...pathParameters(route), ...queryParameters(route.query as t.Mixed | undefined)],
  ...(route.body === undefined
    ? {}
    : {
        requestBody: { required: true, content: { 'application/json': { schema: schemaOf(route.body as t.Mixed) } } },
      }),
  responses: {
    [route.method === 'POST' ? '201' : '200']: {
      description: 'Done',
      ...(route.answers === undefined ? {} : { content: { 'application/json': { schema: schemaOf(route.answers) } } }),
    },
    default: {
      description: 'A problem (RFC 9457)',
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    },
  },
});

const pathParameters = ({ path, params }: Route): readonly JsonSchema[] =>
  [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: schemaOf(params?.[name] ?? Name),
  }));

const queryParameters = (query: t.Mixed | undefined): readonly JsonSchema[] => {
  const properties = query === undefined ? {} : (schemaOf(query).properties as Record<string, JsonSchema>);
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: false, schema }));
};
