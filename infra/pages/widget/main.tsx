/**
 * The widget for any page:
 *
 *     <script type="module" src="https://chat.example.com/widget.js" data-kefu data-language="zh"></script>
 *
 * `data-language` is `zh` or `en`, the browser's when not named; `data-server` is the Kefu server's address, the script's
 * own when not named.
 */
import { mountWidget } from './mount.tsx';

const script =
  document.currentScript ??
  document.querySelector('script[data-kefu], script[src*="/widget.js"], script[src*="/widget/main.js"]');
const { server, language } = script instanceof HTMLElement ? script.dataset : {};
const own = script instanceof HTMLScriptElement ? new URL(script.src, location.href).origin : location.origin;
mountWidget({
  server: server ?? own,
  ...(language === 'zh' || language === 'en' ? { language } : {}),
});
