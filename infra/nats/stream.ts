/** The stream that holds the log: made once, and checked by everyone who opens it. */
import {
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamManager,
  PersistMode,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from '@nats-io/jetstream';
import { nanos } from 'nats';
import { SHARD_HASH, SHARDS_DEFAULT, SHARDS_MAX } from '../../events/shard.ts';
import { DependencyFailure } from '../dependency-failure.ts';

export const STREAM = 'KEFU_EV';
export const SUBJECTS = 'kefu.ev.*.*.*';

export interface StreamOptions {
  /** Into how many slices the sessions fall. Left out: what the stream has, or the default for a new one. */
  readonly shards?: number | undefined;
  /** Servers that hold a copy. Left out: what the stream has, or 1 for a new one. */
  readonly replicas?: number | undefined;
  /** How long the server itself remembers commit ids, in milliseconds. Nothing rests on it but the speed of a retry. */
  readonly duplicateWindowMs?: number | undefined;
}

export interface OpenedStream {
  readonly shards: number;
  readonly replicas: number;
}

/**
 * Twice as long as an append is tried. The server keeps 230 bytes a message for as long, so at 30,000 messages a second its
 * default of 2 minutes would cost 800 MB.
 */
const DUPLICATE_WINDOW_MS = 20_000;
/** "stream name already in use with a different configuration": another process has made it in the same moment. */
export const NAME_IN_USE = 10058;
const STREAM_NOT_FOUND = 10059;

/** Throws {@link DependencyFailure} when the stream that is there cannot keep the log's promises. */
export const openStream = async (manager: JetStreamManager, options: StreamOptions = {}): Promise<OpenedStream> => {
  const found = (await existing(manager, STREAM)) ?? (await made(manager, options));
  const { shards, flaws } = judge(found, options);
  if (flaws.length === 0) return { shards, replicas: found.num_replicas };
  throw new DependencyFailure(`the stream ${STREAM} cannot be used as it is: ${flaws.join('; ')}`);
};

/** The configuration of the stream of this name, if there is one. */
export const existing = async (manager: JetStreamManager, stream: string): Promise<StreamConfig | undefined> => {
  try {
    return (await manager.streams.info(stream)).config;
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === STREAM_NOT_FOUND) return undefined;
    throw error;
  }
};

const made = async (manager: JetStreamManager, options: StreamOptions): Promise<StreamConfig> => {
  try {
    await manager.streams.add({
      name: STREAM,
      description: 'Kefu: what happened in every conversation',
      subjects: [SUBJECTS],
      storage: StorageType.File,
      retention: RetentionPolicy.Limits,
      // A full stream refuses what is new; dropping what is old would change every history.
      discard: DiscardPolicy.New,
      // No single message can be taken out of a history. A whole session can be purged by its subject, when a person asks
      // to be forgotten.
      deny_delete: true,
      allow_direct: true,
      duplicate_window: nanos(options.duplicateWindowMs ?? DUPLICATE_WINDOW_MS),
      num_replicas: options.replicas ?? 1,
      metadata: { kefu_shards: String(options.shards ?? SHARDS_DEFAULT), kefu_hash: SHARD_HASH },
    });
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code !== NAME_IN_USE) {
      throw new DependencyFailure(
        `the stream ${STREAM} could not be made: ${error.message}; see the NATS server's log`,
      );
    }
    if (!(error instanceof JetStreamApiError)) throw error;
  }
  // Read back, because a client drops the fields that it thinks a server does not know.
  return (await manager.streams.info(STREAM)).config;
};

const judge = (config: StreamConfig, options: StreamOptions): { shards: number; flaws: readonly string[] } => {
  const shards = Number(config.metadata?.['kefu_shards'] ?? Number.NaN);
  const hash = config.metadata?.['kefu_hash'];
  const flaws: string[] = [];
  const rule = (kept: boolean, flaw: string): void => {
    if (!kept) flaws.push(flaw);
  };
  rule(
    Number.isInteger(shards) && shards >= 1 && shards <= SHARDS_MAX,
    'it does not say its shard count, so it was not made by Kefu; remove it or use another NATS account',
  );
  rule(
    options.shards === undefined || Number.isNaN(shards) || options.shards === shards,
    `it has ${shards} shards and the setting asks for ${options.shards}; the count is fixed for good, so set KEFU_SHARDS to ${shards} or leave it out`,
  );
  rule(
    Number.isNaN(shards) || hash === SHARD_HASH,
    `its shards are told apart by ${hash}, and this version does so by ${SHARD_HASH}; run the version that made it`,
  );
  rule(
    options.replicas === undefined || config.num_replicas >= options.replicas,
    `it has ${config.num_replicas} replicas and the setting asks for ${options.replicas}; raise them with \`nats stream edit\``,
  );
  rule(config.subjects?.length === 1 && config.subjects[0] === SUBJECTS, `its subjects must be ${SUBJECTS} alone`);
  rule(config.storage === StorageType.File, 'its storage must be file, or a restart forgets everything');
  rule(config.retention === RetentionPolicy.Limits, 'its retention must be limits, or reading removes');
  rule(unlimited(config.max_age), 'it must have no max_age, or old conversations vanish');
  rule(
    unlimited(config.max_msgs_per_subject),
    'it must have no max_msgs_per_subject, or conversations lose their start',
  );
  rule(
    config.discard === DiscardPolicy.New || (unlimited(config.max_msgs) && unlimited(config.max_bytes)),
    'its discard policy must be new, or a full stream drops old conversations',
  );
  rule(config.allow_direct === true, 'it must allow direct reads (allow_direct)');
  rule(config.allow_rollup_hdrs !== true, 'it must not allow rollups');
  rule(config.subject_transform === undefined, 'it must not transform subjects');
  rule(
    config.mirror === undefined && (config.sources ?? []).length === 0,
    'it must not mirror or source another stream',
  );
  rule(
    config.persist_mode !== PersistMode.Async,
    'its persist_mode must be the default, or it acknowledges what it has not written',
  );
  rule(config.no_ack !== true, 'it must acknowledge (no_ack must be off)');
  rule(config.sealed !== true, 'it must not be sealed');
  return { shards, flaws };
};

export const unlimited = (limit: number | undefined): boolean => limit === undefined || limit <= 0;
