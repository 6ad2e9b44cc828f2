/** The vocabulary of Kefu, for programs that read or write its log and speak its wire contract. */
export * from './audience.ts';
export * from './codec.ts';
export * from './commands.ts';
export * from './commit.ts';
export * from './event-log.ts';
export * from './facts.ts';
export * from './frames.ts';
export * from './id-generator.ts';
export * from './ids.ts';
export * from './limits.ts';
export * from './metadata.ts';
export * from './names.ts';
export * from './refusals.ts';
export * from './shard.ts';
export * from './upcast.ts';
export * from './worker-slots.ts';
