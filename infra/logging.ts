/** JSON lines on standard output. Ids go into them, never what people wrote. */
import { type Logger, pino } from 'pino';

export const makeLogger = (level: string): Logger =>
  pino({
    level,
    base: { pid: process.pid },
    // A last net: no text, token or key is logged on purpose.
    redact: { paths: ['*.text', '*.token', '*.authorization', 'text', 'token', 'authorization'], censor: '[redacted]' },
  });
