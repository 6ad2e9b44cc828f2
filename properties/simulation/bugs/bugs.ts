/** Mistakes planted on purpose, none of which the simulation may miss. */
import type { PlantedBug } from '../history.ts';
import { ackBeforeStore } from './ack-before-store.ts';
import { checkpointBeforeView } from './checkpoint-before-view.ts';
import { clockAsId, clockAsOrder } from './clock-as-order.ts';
import { dedupeWindowOnly } from './dedupe-window-only.ts';
import { noExpectedSequence } from './no-expected-sequence.ts';

export const bugs: readonly PlantedBug[] = [
  ackBeforeStore,
  noExpectedSequence,
  dedupeWindowOnly,
  checkpointBeforeView,
  clockAsOrder,
  clockAsId,
];
