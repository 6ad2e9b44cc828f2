/** The stream that holds the changes of the knowledge bases: made once, and checked by everyone who opens it. */
import {
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from '@nats-io/jetstream';
import { DependencyFailure } from '../dependency-failure.ts';
import { existing, NAME_IN_USE, unlimited } from './stream.ts';

export const KNOWLEDGE_STREAM = 'KEFU_KB';
export const KNOWLEDGE_SUBJECTS = 'kefu.kb.*';

/** Throws {@link DependencyFailure} when the stream that is there cannot keep what it is given. */
export const openKnowledgeStream = async (manager: JetStreamManager, replicas: number): Promise<void> => {
  const config = (await existing(manager, KNOWLEDGE_STREAM)) ?? (await made(manager, replicas));
  const flaws = flawsOf(config);
  if (flaws.length > 0)
    throw new DependencyFailure(`the stream ${KNOWLEDGE_STREAM} cannot be used as it is: ${flaws.join('; ')}`);
};

const made = async (manager: JetStreamManager, replicas: number): Promise<StreamConfig> => {
  try {
    await manager.streams.add({
      name: KNOWLEDGE_STREAM,
      description: 'Kefu: what was changed in the knowledge bases',
      subjects: [KNOWLEDGE_SUBJECTS],
      storage: StorageType.File,
      retention: RetentionPolicy.Limits,
      discard: DiscardPolicy.New,
      deny_delete: true,
      num_replicas: replicas,
    });
  } catch (error) {
    if (!(error instanceof JetStreamApiError)) throw error;
    if (error.code !== NAME_IN_USE)
      throw new DependencyFailure(
        `the stream ${KNOWLEDGE_STREAM} could not be made: ${error.message}; see the NATS server's log`,
      );
  }
  return (await manager.streams.info(KNOWLEDGE_STREAM)).config;
};

const flawsOf = (config: StreamConfig): readonly string[] =>
  [
    [
      config.subjects?.length === 1 && config.subjects[0] === KNOWLEDGE_SUBJECTS,
      `its subjects must be ${KNOWLEDGE_SUBJECTS} alone`,
    ],
    [config.storage === StorageType.File, 'its storage must be file, or a restart forgets everything'],
    [config.retention === RetentionPolicy.Limits, 'its retention must be limits, or reading removes'],
    [unlimited(config.max_age), 'it must have no max_age, or old changes vanish'],
    [unlimited(config.max_msgs_per_subject), 'it must have no max_msgs_per_subject, or old changes vanish'],
    [
      config.discard === DiscardPolicy.New || (unlimited(config.max_msgs) && unlimited(config.max_bytes)),
      'its discard policy must be new, or a full stream drops old changes',
    ],
    [config.no_ack !== true, 'it must acknowledge (no_ack must be off)'],
  ].flatMap(([isKept, flaw]) => (isKept === true || typeof flaw !== 'string' ? [] : [flaw]));
