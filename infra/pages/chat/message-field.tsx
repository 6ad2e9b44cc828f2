/** Where one writes: grows with the text, Enter sends, Shift+Enter makes a new line. */
import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { sends } from './sends.ts';
import { TypingSignal } from './typing-signal.ts';

/** The server's bound for a message, in UTF-16 units. */
const TEXT_CHARS_MAX = 8_000;
const HEIGHT_MAX_PX = 160;

export interface MessageFieldProps {
  readonly label: string;
  readonly placeholder: string;
  readonly sendLabel: string;
  readonly disabled?: boolean;
  readonly autoFocus?: boolean;
  /** What was written here before and not sent. */
  readonly draft?: string;
  readonly onDraft?: (text: string) => void;
  readonly onSend: (text: string) => void;
  readonly onTyping?: (on: boolean) => void;
}

export const MessageField = (props: MessageFieldProps): VNode => {
  const { label, placeholder, sendLabel, disabled = false, autoFocus = false, draft = '', onDraft, onSend } = props;
  const [text, setText] = useState(draft);
  const field = useRef<HTMLTextAreaElement>(null);
  const onTyping = useRef(props.onTyping);
  onTyping.current = props.onTyping;
  const [signal] = useState(() => new TypingSignal((on) => onTyping.current?.(on)));

  useLayoutEffect(() => {
    const element = field.current;
    if (element === null) return;
    element.style.height = 'auto';
    element.style.height = `${Math.min(element.scrollHeight, HEIGHT_MAX_PX)}px`;
  }, [text]);
  useEffect(() => {
    if (autoFocus) field.current?.focus();
  }, [autoFocus]);
  useEffect(() => () => signal.stopped(), []);

  const change = (value: string): void => {
    setText(value);
    onDraft?.(value);
    if (value.trim() === '') signal.stopped();
    else signal.typed();
  };
  const send = (): void => {
    const trimmed = text.trim();
    if (trimmed === '' || disabled) return;
    change('');
    onSend(trimmed);
    field.current?.focus();
  };

  return (
    <form
      class="field"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <textarea
        ref={field}
        rows={1}
        value={text}
        maxLength={TEXT_CHARS_MAX}
        aria-label={label}
        placeholder={placeholder}
        disabled={disabled}
        onInput={(event) => change(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (!sends(event)) return;
          event.preventDefault();
          send();
        }}
      />
      <button type="submit" class="send" disabled={disabled || text.trim() === ''} aria-label={sendLabel}>
        <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
          <path d="M2.5 10 17.5 3l-5 14-3-5.5z" fill="currentColor" />
        </svg>
      </button>
    </form>
  );
};
