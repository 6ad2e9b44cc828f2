/**
 * A model that hangs, and a thousand questions at once: how long until each visitor sees that a person is asked for, and
 * whether a connection to the model is left. `npm run build && node properties/run.mjs properties/bench/assistant/main.ts [questions] [budget in ms]`.
 */
import { once } from 'node:events';
import { endRuns, kefu } from '../../contract/command-line.ts';
import { embedded } from '../../contract/grounds.ts';
import { randomId } from '../../contract/kefu.ts';
import { connect } from '../../contract/socket-client.ts';
import { claimsOf, signed } from '../../contract/tokens.ts';
import { silent } from '../../model-server/behaviours.ts';
import { ModelServer } from '../../model-server/model-server.ts';

const QUESTIONS = Number(process.argv[2] ?? 1_000);
const BUDGET_MS = Number(process.argv[3] ?? 3_000);
const GRACE_MS = 200;
/** Sockets opened at once, so that opening is not what is measured. */
const OPENED_AT_ONCE = 50;

const secret = 'a secret that is long enough for HS256 tokens';
const ground = await embedded.lay();
const model = await ModelServer.start(silent);
const run = kefu(['serve'], {
  KEFU_PORT: '0',
  KEFU_SECRET: secret,
  KEFU_LLM_URL: model.url,
  KEFU_LLM_MODEL: 'hanging',
  KEFU_LLM_BUDGET_MS: String(BUDGET_MS),
  KEFU_LIMIT_MODEL_AT_ONCE: '0',
  ...ground.environment,
});
const { url } = await run.ready();

const visits: { readonly socket: Awaited<ReturnType<typeof connect>>; readonly session: string }[] = [];
while (visits.length < QUESTIONS)
  visits.push(
    ...(await Promise.all(
      Array.from({ length: Math.min(OPENED_AT_ONCE, QUESTIONS - visits.length) }, async () => {
        const socket = await connect(url, signed(secret, claimsOf('visitor', randomId(), 'default')));
        const { session } = await socket.expect('ack', { type: 'open', id: randomId() });
        return { socket, session };
      }),
    )),
  );

const reasons = new Map<string, number>();
const waits = await Promise.all(
  visits.map(async ({ socket, session }) => {
    const asked = performance.now();
    socket.send({ type: 'say', id: 'q', session, text: 'Do you deliver to the moon?' });
    const { event } = await socket.next('event', (frame) => frame.event.type === 'HandoffRequested');
    const reason = String(event['reason']);
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    return performance.now() - asked;
  }),
);
const sorted = waits.toSorted((a, b) => a - b);
const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
await Promise.race([model.isLeftAlone(), once(AbortSignal.timeout(2_000), 'abort')]);
const ms = (value: number): string => `${value.toFixed(0)} ms`;
console.log(
  `${QUESTIONS} questions, budget ${ms(BUDGET_MS)}: handed over within p50 ${ms(at(0.5))}, p99 ${ms(at(0.99))}, at most ${ms(at(1))}; ${[...reasons].map(([reason, count]) => `${count} × ${reason}`).join(', ')}; the model was asked ${model.asked.length} times, ${model.openSockets} connections left`,
);
process.exitCode = at(0.99) <= BUDGET_MS + GRACE_MS && model.openSockets === 0 ? 0 : 1;
endRuns();
await model.stop();
await ground.remove();
process.exit();
