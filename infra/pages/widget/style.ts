/** The widget's style. A string, because a shadow root takes no style sheet of the page's. */
export const widgetStyle = `
:host { all: initial; }
.kefu {
  --ink: #1c2430; --muted: #6a7485; --line: #e3e7ec; --paper: #ffffff; --ground: #f5f7f8;
  --accent: #0f766e; --accent-ink: #ffffff; --assistant: #eef4ff; --warn: #b42318; --wait: #b45309;
  position: fixed; right: 20px; bottom: 20px; z-index: 2147483000;
  font: 14px/1.5 system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif;
  color: var(--ink);
}
* { box-sizing: border-box; }
button { font: inherit; color: inherit; cursor: pointer; }
button:focus-visible, textarea:focus-visible, .lines:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.opener {
  position: relative; display: grid; place-items: center; margin-left: auto; width: 56px; height: 56px; border: 0;
  border-radius: 50%; background: var(--accent); color: var(--accent-ink); box-shadow: 0 6px 20px rgb(15 60 55 / .32);
  transition: transform .15s;
}
.opener:hover { transform: scale(1.05); }
.count {
  position: absolute; top: -3px; right: -3px; min-width: 20px; padding: 0 5px; border-radius: 10px; background: #dc2626;
  color: #fff; font-size: 12px; line-height: 20px; text-align: center;
}
.panel {
  display: flex; flex-direction: column; position: relative; width: 370px; height: min(600px, calc(100vh - 120px));
  margin-bottom: 14px; overflow: hidden; border-radius: 16px; background: var(--paper);
  box-shadow: 0 16px 48px rgb(20 30 45 / .24); animation: rise .16s ease-out;
}
@keyframes rise { from { opacity: 0; transform: translateY(10px); } }
header {
  display: flex; align-items: center; justify-content: space-between; gap: 12px; padding: 14px 16px;
  background: var(--accent); color: var(--accent-ink);
}
header strong { display: block; font-size: 16px; line-height: 1.3; }
.standing { font-size: 12.5px; opacity: .92; }
.standing::before {
  content: ""; display: inline-block; width: 7px; height: 7px; margin-right: 6px; border-radius: 50%; background: #86efac;
  vertical-align: 1px;
}
.standing.queued::before, .standing.connecting::before { background: #fcd34d; animation: blink 1.2s infinite; }
.standing.closed::before { background: #cbd5e1; }
@keyframes blink { 50% { opacity: .3; } }
.icon { display: grid; place-items: center; width: 32px; height: 32px; border: 0; border-radius: 8px; background: transparent; }
.icon:hover { background: rgb(255 255 255 / .16); }
header .icon:focus-visible { outline-color: #fff; }
.lines {
  flex: 1; min-height: 0; overflow-y: auto; overflow-anchor: none; overscroll-behavior: contain; padding: 16px 14px 8px;
  background: var(--ground);
}
.bubble { display: flex; flex-direction: column; align-items: flex-start; margin-top: 12px; }
.bubble:first-child { margin-top: 0; }
.bubble.follows { margin-top: 4px; }
.bubble.own { align-items: flex-end; }
.speaker { margin: 0 4px 3px; color: var(--muted); font-size: 12px; }
.text {
  max-width: 84%; margin: 0; padding: 8px 12px; border-radius: 14px; background: var(--paper); white-space: pre-wrap;
  overflow-wrap: anywhere; box-shadow: 0 1px 2px rgb(20 30 45 / .07);
}
.bubble.assistant .text { background: var(--assistant); }
.bubble.own .text { background: var(--accent); color: var(--accent-ink); border-bottom-right-radius: 4px; }
.bubble.person .text, .bubble.assistant .text { border-bottom-left-radius: 4px; }
.text a { color: inherit; text-underline-offset: 2px; }
.choices { display: flex; flex-direction: column; align-items: flex-start; gap: 6px; max-width: 84%; margin-top: 6px; }
.choices button {
  padding: 6px 12px; border: 1px solid var(--accent); border-radius: 14px; background: var(--paper); color: var(--accent);
  text-align: start; overflow-wrap: anywhere;
}
.choices button:hover:enabled { background: var(--accent); color: var(--accent-ink); }
.choices button:disabled { border-color: var(--line); color: var(--muted); cursor: default; }
.under { margin: 2px 4px 0; color: var(--muted); font-size: 11.5px; }
.bubble.pending .text, .bubble.sent .text { opacity: .62; }
.bubble.failed .text { background: #fde8e6; color: var(--ink); }
.under.failed { color: var(--warn); text-align: right; }
.under button, .trouble button { padding: 0; border: 0; background: none; color: inherit; text-decoration: underline; }
.happening { margin: 14px auto 4px; max-width: 90%; color: var(--muted); font-size: 12.5px; text-align: center; }
.writing { display: flex; align-items: center; gap: 8px; margin: 12px 4px 4px; color: var(--muted); font-size: 12.5px; }
.dots { display: inline-flex; gap: 3px; }
.dots i { width: 6px; height: 6px; border-radius: 50%; background: var(--muted); animation: blink 1.2s infinite; }
.dots i:nth-child(2) { animation-delay: .2s; }
.dots i:nth-child(3) { animation-delay: .4s; }
.below {
  position: absolute; left: 50%; bottom: 104px; transform: translateX(-50%); padding: 4px 12px; border: 1px solid var(--line);
  border-radius: 14px; background: var(--paper); font-size: 12.5px; box-shadow: 0 3px 10px rgb(20 30 45 / .14);
}
.trouble { margin: 0; padding: 8px 16px; background: #fdf0ef; color: var(--warn); font-size: 13px; }
footer { padding: 10px 12px 8px; border-top: 1px solid var(--line); background: var(--paper); }
.field { display: flex; align-items: flex-end; gap: 8px; }
.field textarea {
  flex: 1; min-height: 40px; padding: 9px 12px; border: 1px solid var(--line); border-radius: 12px; background: var(--paper);
  color: inherit; font: inherit; line-height: 20px; resize: none;
}
.field textarea::placeholder { color: #8b94a3; }
.field textarea:focus-visible { outline: 0; border-color: var(--accent); box-shadow: 0 0 0 3px rgb(15 118 110 / .14); }
.send {
  display: grid; place-items: center; flex: none; width: 40px; height: 40px; border: 0; border-radius: 12px;
  background: var(--accent); color: var(--accent-ink);
}
.send:disabled { background: #c6ced6; cursor: default; }
.asides { display: flex; justify-content: space-between; min-height: 24px; margin-top: 6px; }
.asides button { padding: 0 2px; border: 0; background: none; color: var(--muted); font-size: 12.5px; }
.asides button:hover { color: var(--accent); text-decoration: underline; }
.asides button:last-child { margin-left: auto; }
.closing { padding: 14px 16px 16px; border-top: 1px solid var(--line); background: var(--paper); text-align: center; }
.stars { margin: 0; padding: 0; border: 0; }
.stars legend { margin: 0 auto; padding: 0; color: var(--muted); }
.stars button { padding: 0 5px; border: 0; background: none; color: #d3d9e0; font-size: 30px; line-height: 40px; }
.stars button.lit { color: #f59e0b; }
.thanks { margin: 4px 0 8px; }
.onward { display: flex; flex-wrap: wrap; justify-content: center; gap: 8px; margin-top: 10px; }
.onward button { padding: 7px 14px; border: 1px solid var(--accent); border-radius: 10px; background: var(--accent); color: var(--accent-ink); }
.onward .quiet { background: transparent; color: var(--accent); }
@media (max-width: 480px) {
  .kefu { right: 12px; bottom: 12px; }
  .panel { position: fixed; inset: 0; width: auto; height: 100dvh; margin: 0; border-radius: 0; }
  .panel + .opener { display: none; }
}
@media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; } }
`;
