/** For those who run Kefu: alive, able to serve, numbers; and development mode's sign-in. */

import * as t from 'io-ts';
import type { Registry } from 'prom-client';
import { struct, text } from '../../../events/codec.ts';
import { PersonId } from '../../../events/names.ts';
import type { Service } from '../service.ts';
import { SIGN_IN_TTL_SECONDS } from '../sign-in.ts';
import { json, problem, type Route, route } from './route.ts';

export const operationRoutes = (
  service: Service,
  metrics: () => Promise<Registry>,
  isDraining: () => boolean,
): readonly Route[] => [
  route({
    method: 'GET',
    path: '/livez',
    summary: 'The process answers.',
    who: 'anyone',
    answer: () => json(200, { alive: true }),
  }),
  route({
    method: 'GET',
    path: '/readyz',
    summary: 'Able to serve; 503 names what is not.',
    who: 'anyone',
    answer: () => {
      const troubles = isDraining() ? ['draining'] : service.troubles();
      return json(troubles.length === 0 ? 200 : 503, { ready: troubles.length === 0, troubles });
    },
  }),
  route({
    method: 'GET',
    path: '/metrics',
    summary: 'Prometheus metrics.',
    who: 'anyone',
    answer: async () => {
      const registry = await metrics();
      return { _tag: 'Text', status: 200, type: registry.contentType, body: await registry.metrics() };
    },
  }),
  route({
    method: 'POST',
    path: '/v1/signin',
    summary: 'Development mode only: exchange the code that was printed at the start for an agent’s token.',
    who: 'anyone',
    body: struct({ code: text(64) }, { sub: PersonId }),
    answers: struct({ token: t.string, sub: t.string, role: t.string, tenant: t.string }),
    answer: async ({ body }) => {
      const principal = service.signIn.exchange(body.code, body.sub);
      if (principal === undefined)
        return problem({
          code: 'unauthenticated',
          message: service.signIn.enabled
            ? 'this sign-in code is not the one of the running server; open the link it printed at its start'
            : 'sign-in codes exist in development mode only; use a token from your platform or `kefu token`',
        });
      const { sub, role, tenant } = principal;
      return json(200, { token: service.tokens.sign(principal, SIGN_IN_TTL_SECONDS), sub, role, tenant });
    },
  }),
];
