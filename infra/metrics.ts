/** Numbers for Prometheus. The hot path adds to plain fields; they become metrics only when somebody scrapes. */
import type { Counter, Gauge, Registry } from 'prom-client';

export class Counters {
  commits = 0;
  facts = 0;
  commandsDone = 0;
  commandsRefused = 0;
  framesIn = 0;
  framesOut = 0;
  httpRequests = 0;
  socketsGiven = 0;
}

export interface Gauges {
  readonly sockets: () => number;
  readonly actors: () => number;
  /** Positions that the views are behind what is acknowledged here. */
  readonly viewLag: () => number;
}

const names: { readonly [K in keyof Counters]: readonly [name: string, help: string] } = {
  commits: ['kefu_commits_total', 'Commits stored by this process'],
  facts: ['kefu_facts_total', 'Facts stored by this process'],
  commandsDone: ['kefu_commands_done_total', 'Commands carried out or answered again'],
  commandsRefused: ['kefu_commands_refused_total', 'Commands refused'],
  framesIn: ['kefu_socket_frames_in_total', 'Frames received on sockets'],
  framesOut: ['kefu_socket_frames_out_total', 'Frames sent on sockets'],
  httpRequests: ['kefu_http_requests_total', 'HTTP requests received'],
  socketsGiven: ['kefu_sockets_given_total', 'Sockets given to the process of this machine that serves their session'],
};

/** Loads what makes metrics of numbers, so it is for the first scrape and not for the start. */
export const metricsRegistry = async (counters: Counters, gauges: Gauges): Promise<Registry> => {
  const { Counter, collectDefaultMetrics, Gauge, Registry } = await import('prom-client');
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const key of Object.keys(names) as (keyof Counters)[]) {
    const [name, help] = names[key];
    let told = 0;
    const counter: Counter = new Counter({
      name,
      help,
      registers: [registry],
      collect: () => {
        counter.inc(counters[key] - told);
        told = counters[key];
      },
    });
  }
  const gauge = (name: string, help: string, read: () => number): void => {
    const each: Gauge = new Gauge({ name, help, registers: [registry], collect: () => each.set(read()) });
  };
  gauge('kefu_sockets', 'Sockets open', gauges.sockets);
  gauge('kefu_session_actors', 'Session actors in memory', gauges.actors);
  gauge('kefu_view_lag_positions', 'Positions that the views are behind the log', gauges.viewLag);
  return registry;
};
