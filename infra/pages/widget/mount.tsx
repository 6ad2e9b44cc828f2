/** Puts the widget on a page, in a shadow root: the page's styles do not reach it, and its own do not reach the page. */
import { render } from 'preact';
import { firstLanguage, type Language } from '../chat/language.ts';
import { widgetStyle } from './style.ts';
import { Visit } from './visit.ts';
import { Widget } from './widget.tsx';

export interface WidgetOptions {
  /** The Kefu server's address. */
  readonly server: string;
  /** The browser's when not named. */
  readonly language?: Language;
}

export interface MountedWidget {
  open(): void;
  close(): void;
  /** Opens the panel and says this for the visitor. */
  say(text: string): void;
  speak(language: Language): void;
}

export const mountWidget = ({ server, language: first = firstLanguage() }: WidgetOptions): MountedWidget => {
  const host = document.createElement('div');
  host.dataset['kefu'] = 'widget';
  const root = host.attachShadow({ mode: 'open' });
  // A constructed sheet is allowed where a page's policy forbids style elements.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(widgetStyle);
  root.adoptedStyleSheets = [sheet];
  document.body.append(host);

  const visit = new Visit(server);
  let language = first;
  let isOpen = false;
  const show = (): void => render(<Widget visit={visit} language={language} isOpen={isOpen} onOpen={setOpen} />, root);
  const setOpen = (open: boolean): void => {
    isOpen = open;
    show();
  };
  show();
  return {
    open: () => setOpen(true),
    close: () => setOpen(false),
    say: (text) => {
      setOpen(true);
      visit.say(text);
    },
    speak: (next) => {
      language = next;
      show();
    },
  };
};
