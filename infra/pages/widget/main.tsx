/**
 * The widget for any page:
 *
 *     <script src="https://chat.example.com/widget.js" data-kefu data-language="zh" async></script>
 *
 * `data-language` is `zh` or `en`, the browser's when not named; `data-server` is the Kefu server's address, the script's
 * own when not named.
 */
import { mountWidget } from './mount.tsx';

const script = document.currentScript ?? document.querySelector('script[data-kefu]');
const { server, language } = script instanceof HTMLElement ? script.dataset : {};
const own = script instanceof HTMLScriptElement ? new URL(script.src, location.href).origin : location.origin;

const mount = (): void => {
  mountWidget({ server: server ?? own, ...(language === 'zh' || language === 'en' ? { language } : {}) });
};
// A script in the head runs before there is a body to stand in.
if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', mount);
else mount();
