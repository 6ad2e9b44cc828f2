/** What one can do with the open conversation besides writing. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Abilities } from './abilities.ts';
import type { Desk } from './desk.ts';
import type { Words } from './words.ts';

interface ActionsProps {
  readonly desk: Desk;
  readonly abilities: Abilities;
  readonly words: Words;
}

export const Actions = ({ desk, abilities, words }: ActionsProps): VNode => {
  const [isTransferring, setTransferring] = useState(false);
  if (isTransferring && abilities.transfer)
    return <TransferForm desk={desk} words={words} onDone={() => setTransferring(false)} />;
  return (
    <div class="actions" role="toolbar" aria-label={words.actions}>
      <button
        type="button"
        class="primary small"
        disabled={!abilities.claim}
        onClick={() => void desk.do({ type: 'ClaimSession' })}
      >
        {words.claim}
      </button>
      <button
        type="button"
        class="small"
        disabled={!abilities.release}
        onClick={() => void desk.do({ type: 'ReleaseSession' })}
      >
        {words.release}
      </button>
      <button type="button" class="small" disabled={!abilities.transfer} onClick={() => setTransferring(true)}>
        {words.transfer}
      </button>
      {abilities.reopen ? (
        <button type="button" class="small" onClick={() => void desk.do({ type: 'ReopenSession' })}>
          {words.reopen}
        </button>
      ) : (
        <button
          type="button"
          class="small"
          disabled={!abilities.close}
          onClick={() => void desk.do({ type: 'CloseSession' })}
        >
          {words.close}
        </button>
      )}
    </div>
  );
};

interface TransferFormProps {
  readonly desk: Desk;
  readonly words: Words;
  readonly onDone: () => void;
}

const TransferForm = ({ desk, words, onDone }: TransferFormProps): VNode => {
  const [to, setTo] = useState('');
  /** Agents who have a conversation now. */
  const busy = new Set(desk.inbox.list('all', desk.me.sub).map(({ assignee }) => assignee));
  const known = [...busy].filter((name): name is string => name !== null && name !== desk.me.sub);
  return (
    <form
      class="row"
      onSubmit={(event) => {
        event.preventDefault();
        if (to.trim() === '') return;
        void desk.do({ type: 'TransferSession', to: to.trim() }).then((done) => {
          if (done) onDone();
        });
      }}
    >
      <input
        class="name"
        aria-label={words.transferTo}
        placeholder={words.transferTo}
        maxLength={128}
        list="agents"
        value={to}
        ref={(input) => input?.focus()}
        onInput={(event) => setTo(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onDone();
        }}
      />
      <datalist id="agents">
        {known.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <button type="submit" class="primary small" disabled={to.trim() === ''}>
        {words.transfer}
      </button>
      <button type="button" class="small" onClick={onDone}>
        {words.cancel}
      </button>
    </form>
  );
};
