/** The desk on screen: the bar above, the inbox, the conversation. */
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { useStore } from '../chat/store.ts';
import { About } from './about.tsx';
import { Bar } from './bar.tsx';
import { ConversationView } from './conversation-view.tsx';
import type { Desk } from './desk.ts';
import { InboxView } from './inbox-view.tsx';
import type { Words } from './words.ts';

interface DeskViewProps {
  readonly desk: Desk;
  readonly words: Words;
  readonly onLanguage: () => void;
  readonly onLeave: (why?: unknown) => void;
  readonly onRename: (name: string) => void;
}

export const DeskView = ({ desk, words, onLanguage, onLeave, onRename }: DeskViewProps): VNode => {
  useStore(desk);
  const waiting = desk.inbox.count('queued', desk.me.sub) + desk.inbox.count('mine', desk.me.sub);
  useEffect(() => {
    document.title = `${waiting === 0 ? '' : `(${waiting}) `}Kefu · ${words.console}`;
  }, [waiting, words]);
  const { signedOut } = desk;
  useEffect(() => {
    if (signedOut !== undefined) onLeave(signedOut);
  }, [signedOut]);

  const { conversation } = desk;
  return (
    <div class={`desk${conversation === undefined ? '' : ' reading'}`}>
      <Bar desk={desk} words={words} onLanguage={onLanguage} onLeave={() => onLeave()} onRename={onRename} />
      <InboxView desk={desk} words={words} />
      {conversation === undefined ? (
        <main class="nothing">
          <p>
            <strong>{words.chooseOne}</strong>
            {words.chooseOneHint}
          </p>
        </main>
      ) : (
        <>
          <ConversationView key={conversation.session} desk={desk} conversation={conversation} words={words} />
          <About desk={desk} words={words} session={conversation.session} />
        </>
      )}
    </div>
  );
};
