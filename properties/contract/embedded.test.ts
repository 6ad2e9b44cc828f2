import { everyLaw } from './every-law.ts';
import { embedded } from './grounds.ts';

everyLaw(embedded);
