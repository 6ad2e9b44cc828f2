/** Says passing things to the other processes: what is lost on the way is not worth a second try. */
export interface Relay {
  /** Tells all other processes; `topic` is made of names, with dots between them. */
  tell(topic: string, message: unknown): void;
  /** Calls back with what the others say; `*` stands for one name of a topic. The answer ends it. */
  hear<M>(topic: string, take: (message: M) => void): () => void;
  /** Called when what was said lately may have been lost; the answer ends it. */
  onGap(listener: () => void): () => void;
}

/** For a process that is alone. */
export const noRelay: Relay = { tell: () => undefined, hear: () => () => undefined, onGap: () => () => undefined };
