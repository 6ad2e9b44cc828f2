/** A subscription whose listener may fail: the client reads nothing more, of any subscription, when one throws. */
import type { Msg, NatsConnection, Subscription } from 'nats';

/** Calls `take` with every message, status messages of the server included. What it throws is a warning of the process. */
export const listen = (connection: NatsConnection, subject: string, take: (message: Msg) => void): Subscription =>
  connection.subscribe(subject, {
    callback: (error, message) => {
      if (error !== null) return;
      try {
        take(message);
      } catch (thrown) {
        process.emitWarning(thrown instanceof Error ? thrown : String(thrown));
      }
    },
  });
