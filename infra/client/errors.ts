/** What the client's promises reject with. */

/** What a server says when it does not do what was asked. */
export interface RefusalParts {
  readonly code: string;
  readonly reason?: string | undefined;
  readonly message: string;
}

/** The server refused. It changed nothing. */
export class KefuRefusal extends Error {
  /** `invalid`, `forbidden`, `not_found`, `refused`, `unavailable` and so on; stable. */
  readonly code: string;
  /** Which rule, where `code` is `refused`, such as `already_assigned`; stable. */
  readonly reason: string | undefined;

  constructor({ code, reason, message }: RefusalParts) {
    super(message);
    this.name = 'KefuRefusal';
    this.code = code;
    this.reason = reason;
  }
}

/** Too much waits to be sent or answered. It was not sent; say it again later. */
export class KefuOutboxFull extends Error {
  constructor(outboxMax: number) {
    super(`${outboxMax} frames wait for an answer already; this one was not taken`);
    this.name = 'KefuOutboxFull';
  }
}

export type StopWhy = 'closed' | 'token_expired' | 'policy' | 'unusable_token';

/** The client is closed for good. Whether a frame that waited for its answer was carried out is not known. */
export class KefuStopped extends Error {
  /** `closed` by the application, or why the server's answer makes trying again useless. */
  readonly why: StopWhy;

  constructor(why: StopWhy, message: string) {
    super(message);
    this.name = 'KefuStopped';
    this.why = why;
  }
}
