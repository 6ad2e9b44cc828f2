/** The bar above: whether one is connected, who one is, which language. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Desk } from './desk.ts';
import type { Words } from './words.ts';

interface BarProps {
  readonly desk: Desk;
  readonly words: Words;
  readonly onLanguage: () => void;
  readonly onLeave: () => void;
  readonly onRename: (name: string) => void;
}

export const Bar = ({ desk, words, onLanguage, onLeave, onRename }: BarProps): VNode => {
  const [isNaming, setNaming] = useState(false);
  const { me, connection } = desk;
  return (
    <header class="bar">
      <h1>
        <span class="mark" aria-hidden="true">
          客
        </span>
        <span class="title">{words.console}</span>
      </h1>
      <span class={`connection ${connection}`} role="status">
        {words.connection[connection]}
      </span>
      <span class="spring" />
      {isNaming ? (
        <NameForm words={words} name={me.sub} onCancel={() => setNaming(false)} onName={onRename} />
      ) : me.code === undefined ? (
        <span class="me">{me.sub}</span>
      ) : (
        <button type="button" class="plain me" title={words.changeName} onClick={() => setNaming(true)}>
          {me.sub}
          <span aria-hidden="true"> ✎</span>
        </button>
      )}
      <button type="button" class="plain" onClick={onLanguage}>
        {words.otherLanguage}
      </button>
      <button type="button" class="plain" onClick={onLeave}>
        {words.signOut}
      </button>
    </header>
  );
};

interface NameFormProps {
  readonly words: Words;
  readonly name: string;
  readonly onCancel: () => void;
  readonly onName: (name: string) => void;
}

const NameForm = ({ words, name, onCancel, onName }: NameFormProps): VNode => {
  const [text, setText] = useState(name);
  return (
    <form
      class="row"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== '') onName(text.trim());
      }}
    >
      <input
        class="name"
        aria-label={words.name}
        maxLength={64}
        value={text}
        ref={(input) => input?.focus()}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onCancel();
        }}
      />
      <button type="submit" class="primary small" disabled={text.trim() === ''}>
        {words.save}
      </button>
      <button type="button" class="plain" onClick={onCancel}>
        {words.cancel}
      </button>
    </form>
  );
};
