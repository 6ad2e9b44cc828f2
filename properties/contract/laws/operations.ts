/** For those who run Kefu, and for browsers that ask first. */
import { describe, expect, test } from 'vitest';
import { type Kefu, said } from '../kefu.ts';

/** A line of Prometheus' text format, version 0.0.4. */
const METRIC =
  /^[a-zA-Z_:][a-zA-Z0-9_:]*(?:\{[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\.)*"(?:,[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\.)*")*\})? (?:[+-]?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|Inf)|Na[Nn])$/;
const COMMENT =
  /^# (?:HELP [a-zA-Z_:][a-zA-Z0-9_:]* .+|TYPE [a-zA-Z_:][a-zA-Z0-9_:]* (?:counter|gauge|histogram|summary|untyped))$/;

export const operationLaws = (kefu: () => Kefu): void => {
  test('/livez and /readyz say that all is well, without a token', async () => {
    const [alive, ready] = [await kefu().anyone.get('/livez'), await kefu().anyone.get('/readyz')];
    expect({ status: alive.status, body: alive.body }).toEqual({ status: 200, body: { alive: true } });
    expect({ status: ready.status, body: ready.body }).toEqual({ status: 200, body: { ready: true, troubles: [] } });
  });

  test.each(['/livez', '/readyz', '/metrics'])('HEAD %s answers as GET does, without a body', async (path) => {
    const answer = await kefu().anyone.send(path, { method: 'HEAD' });
    expect({ status: answer.status, text: answer.text }).toEqual({ status: 200, text: '' });
  });

  describe('/metrics', () => {
    const metrics = async (): Promise<string> => (await kefu().anyone.get('/metrics')).text;
    const valueOf = (text: string, name: string): number => Number(new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1]);

    test('is in Prometheus’ text format', async () => {
      const answer = await kefu().anyone.get('/metrics');
      expect(answer.status).toBe(200);
      expect(answer.type).toMatch(/^text\/plain; version=0\.0\.4/);
      const lines = answer.text.split('\n').filter((line) => line !== '');
      expect(lines.length).toBeGreaterThan(20);
      for (const line of lines) expect(line).toMatch(line.startsWith('#') ? COMMENT : METRIC);
    });

    test('counts what is stored, and knows nobody by name', async () => {
      const opened = await kefu().tenant().queued();
      const before = await metrics();
      const socket = await opened.visitor.socket();
      await said(opened.visitor, opened, 'hello');
      const after = await metrics();
      const grown = (name: string): number => valueOf(after, name) - valueOf(before, name);
      expect(grown('kefu_facts_total')).toBe(1);
      expect(grown('kefu_commands_done_total')).toBe(1);
      expect(valueOf(after, 'kefu_sockets')).toBeGreaterThanOrEqual(1);
      for (const name of [opened.session, opened.visitor.id]) expect(after).not.toContain(name);
      socket.close();
    });
  });

  describe('a browser on another site', () => {
    const origin = 'https://shop.example';

    test.each(['/v1/sessions', '/v1/sessions/abc/messages', '/v1/events'])('may ask %s', async (path) => {
      const preflight = await kefu().anyone.send(path, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization, content-type',
        },
      });
      expect(preflight.status).toBe(204);
      expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
      expect(preflight.headers.get('access-control-allow-methods')).toBe('GET, POST, PUT, DELETE');
      expect(preflight.headers.get('access-control-allow-headers')).toMatch(/authorization.*content-type/i);
    });

    test('may read the answers, the errors and the stream', async () => {
      const { http } = kefu().tenant().person('agent');
      for (const path of ['/v1/sessions', '/v1/sessions/nowhere', '/v1/sessions?limit=0', '/v1/events', '/livez'])
        expect((await http.get(path, { origin })).headers.get('access-control-allow-origin')).toBe('*');
      const refused = await kefu().anyone.get('/v1/sessions', { origin });
      expect(refused.headers.get('access-control-allow-origin')).toBe('*');
    });
  });
};
