/** Every choice of a simulated history comes from here: the same seed throws the same dice. */
import { type Chance, seeded } from '../demo/chance.ts';

export class Dice {
  readonly #chance: Chance;

  constructor(seed: number) {
    this.#chance = seeded(seed);
    // Neighbouring seeds begin alike; after a few throws they no longer do.
    for (let warm = 0; warm < 4; warm++) this.#chance();
  }

  /** An integer of at least 0 and less than `bound`. */
  below(bound: number): number {
    return Math.floor(this.#chance() * bound);
  }

  /** An integer from `least` to `most`, both included. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  happens(probability: number): boolean {
    return this.#chance() < probability;
  }

  /** One of the elements; throws where there is none. */
  pick<A>(elements: readonly A[]): A {
    const index = this.below(elements.length);
    if (index >= elements.length) throw new Error('there is nothing to pick from');
    return elements[index] as A;
  }

  /** One of the keys, each as likely as its weight says. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K {
    const entries = Object.entries(weights) as [K, number][];
    let left = this.#chance() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [key, weight] of entries) {
      left -= weight;
      if (left < 0) return key;
    }
    return this.pick(entries)[0];
  }

  /** Other dice, decided by these: what is thrown there changes nothing here. */
  fork(): Dice {
    return new Dice(this.below(2 ** 32));
  }
}
