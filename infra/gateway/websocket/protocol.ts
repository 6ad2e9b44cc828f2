/** The numbers of RFC 6455. */

export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** Status codes that this end sends by itself (section 7.4.1); what an application means is its own to name. */
export const statusCodes = { normal: 1000, protocolError: 1002, notUtf8: 1007, tooLarge: 1009 } as const;

/** Whether a code may stand in a close frame (section 7.4.2 and IANA's registry). */
export const isCloseCode = (code: number): boolean =>
  (code >= 1000 && code <= 1014 && code !== 1004 && code !== 1005 && code !== 1006) || (code >= 3000 && code <= 4999);
