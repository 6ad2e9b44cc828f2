/**
 * Whether this key sends the message: Enter without Shift, and not the Enter that ends the composition of Chinese,
 * Japanese or Korean text. Safari ends the composition before the key arrives and marks such a key with code 229.
 */
export const sends = (event: KeyPress): boolean =>
  event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.keyCode !== COMPOSED_KEY_CODE;

const COMPOSED_KEY_CODE = 229;

/** Of a keyboard event; `keyCode` is on its way out of the standard, and the only thing that tells here. */
interface KeyPress {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly isComposing: boolean;
  readonly keyCode: number;
}
