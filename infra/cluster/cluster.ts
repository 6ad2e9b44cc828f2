/** Many processes as one: who serves what, how commands and joiners find it, and what is passed on in passing. */
import type { NatsConnection } from 'nats';
import type { Supervisor } from '../../actors/supervisor.ts';
import type { EventLog } from '../../events/event-log.ts';
import type { Beat } from '../beat.ts';
import type { Clock } from '../clock.ts';
import { Connectivity } from '../nats/connectivity.ts';
import { Asking } from './asking.ts';
import { ClusterSessions } from './cluster-sessions.ts';
import { NatsRelay } from './nats-relay.ts';
import type { Cluster } from './no-cluster.ts';
import { OwnedSessions } from './owned-sessions.ts';
import { NatsOwnership } from './ownership.ts';
import { RemoteFeeds } from './remote-feeds.ts';
import { SessionHost } from './session-host.ts';

export interface ClusterParts {
  readonly connection: NatsConnection;
  readonly log: EventLog;
  readonly replicas: number;
  readonly supervisor: Supervisor;
  readonly clock: Clock;
  readonly beat: Beat;
  readonly report: (trouble: string, detail: Readonly<Record<string, unknown>>) => void;
}

/** How long what is under way in a shard gets to finish before the shard is given away all the same. */
const LET_GO_MS = 2_000;

export const openCluster = async (parts: ClusterParts): Promise<Cluster> => {
  const { connection, log, supervisor, clock, beat, report, replicas } = parts;
  const ownership = await NatsOwnership.open(connection, {
    shards: log.shards,
    replicas,
    clock,
    letGo: (shards) => supervisor.release(new Set(shards), LET_GO_MS),
    report,
  });
  const node = ownership.id;
  const owned = new OwnedSessions(supervisor, ownership, log.shards);
  const feeds = new RemoteFeeds(connection, node);
  const isMember = (id: string): boolean => ownership.isMember(id);
  const host = new SessionHost({ connection, beat, node, owned, supervisor, isMember, report });
  const connectivity = new Connectivity(connection);
  const asking = new Asking({ connection, connectivity, ownership, clock, beat });
  const sessions = new ClusterSessions({
    connection,
    connectivity,
    ownership,
    owned,
    feeds,
    asking,
    supervisor,
    log,
    clock,
  });
  const stopTable = ownership.onTable(() => feeds.moveWhere((ref, by) => sessions.holderOf(ref) === by));
  const stopOwned = ownership.onChange(({ gained, lost }) => {
    // A lease that ran out leaves no time to finish: whoever follows joins the new owner at once.
    const run = lost.filter((shard) => !ownership.isLettingGo(shard));
    // What was woken here while the shard was another's knows nothing of what was written there since.
    const forgotten = new Set([...gained, ...run]);
    if (forgotten.size > 0) void supervisor.release(forgotten, 0);
  });
  const stopConnectivity = connectivity.listen({
    lost: () => undefined,
    regained: () => {
      ownership.connectionRegained();
      host.moveAll();
      feeds.moveAll();
    },
  });
  const close = (): void => {
    stopConnectivity();
    stopOwned();
    stopTable();
    asking.close();
    host.close();
    feeds.close();
  };
  return {
    node,
    sessions,
    holderOf: (ref) => sessions.holderOf(ref),
    ownership,
    relay: new NatsRelay(connection, connectivity, beat, node, () => ownership.isAlone()),
    leave: () => ownership.leave(),
    close,
  };
};
