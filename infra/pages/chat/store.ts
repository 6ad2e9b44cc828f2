/** State that components show: whoever shows it is told of changes, once for all that happen together. */
import { useEffect, useReducer } from 'preact/hooks';

export class Store {
  #version = 0;
  #announcing = false;
  readonly #listeners = new Set<() => void>();

  get version(): number {
    return this.#version;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** To be called after each change; a thousand changes in one turn are announced once. */
  protected changed(): void {
    this.#version += 1;
    if (this.#announcing) return;
    this.#announcing = true;
    queueMicrotask(() => {
      this.#announcing = false;
      for (const listener of this.#listeners) listener();
    });
  }
}

/** Renders the component anew whenever the store changes. */
export const useStore = <S extends Store>(store: S): S => {
  const [, renderAnew] = useReducer((count: number) => count + 1, 0);
  const rendered = store.version;
  useEffect(() => {
    const stop = store.subscribe(() => renderAnew(undefined));
    // What changed between rendering and subscribing.
    if (store.version !== rendered) renderAnew(undefined);
    return stop;
  }, [store]);
  return store;
};
