/** Where the agent writes: to the visitor, or a note to colleagues. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Conversation } from '../chat/conversation.ts';
import { MessageField } from '../chat/message-field.tsx';
import type { Abilities, Standing } from './abilities.ts';
import type { Desk } from './desk.ts';
import type { Words } from './words.ts';

interface ComposerProps {
  readonly desk: Desk;
  readonly conversation: Conversation;
  readonly abilities: Abilities;
  readonly standing: Standing;
  readonly words: Words;
  readonly onSent: () => void;
}

export const Composer = ({ desk, conversation, abilities, standing, words, onSent }: ComposerProps): VNode => {
  const [isNote, setNote] = useState(false);
  const mayWrite = isNote ? abilities.note : abilities.reply;
  const draftKey = desk.draftKey(isNote);
  return (
    <footer class={`composer${isNote ? ' noting' : ''}`}>
      <div class="kinds" role="radiogroup" aria-label={words.kindOfText}>
        {[false, true].map((each) => (
          <label key={String(each)}>
            <input type="radio" name="kind" checked={isNote === each} onChange={() => setNote(each)} />
            {each ? words.note : words.reply}
          </label>
        ))}
      </div>
      <MessageField
        // Another field for each draft; one that has just become usable takes the focus.
        key={`${draftKey}/${String(mayWrite)}`}
        label={isNote ? words.note : words.reply}
        placeholder={
          mayWrite ? (isNote ? words.notePlaceholder : words.replyPlaceholder) : whyNot(standing, abilities, words)
        }
        sendLabel={isNote ? words.addNote : words.send}
        disabled={!mayWrite}
        autoFocus={mayWrite && (isNote || abilities.reply) && !isInInbox()}
        draft={desk.drafts.get(draftKey) ?? ''}
        onDraft={(text) => {
          if (text === '') desk.drafts.delete(draftKey);
          else desk.drafts.set(draftKey, text);
        }}
        onSend={(text) => {
          if (isNote) conversation.note(text);
          else conversation.say(text);
          onSent();
        }}
        onTyping={(on) => {
          if (!isNote) conversation.signalTyping(on);
        }}
      />
    </footer>
  );
};

/** Whoever goes through the inbox with the keys stays there. */
const isInInbox = (): boolean => document.activeElement?.closest('.inbox') !== null && document.activeElement !== null;

const whyNot = ({ status, assignee }: Standing, abilities: Abilities, words: Words): string => {
  if (!abilities.note) return status === undefined ? words.loading : words.readOnly;
  if (status === 'closed') return words.isClosed;
  return status === 'assigned' && assignee !== null ? words.someoneElses(assignee) : words.claimFirst;
};
