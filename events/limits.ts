/** Bounds that belong to the vocabulary: they decide what is valid, so every process must agree on them. */

/** A message's or note's text, in UTF-16 units; at 3 bytes a unit it stays well inside a frame. */
export const TEXT_CHARS_MAX = 8_000;

/** One socket frame or HTTP body, in bytes. */
export const FRAME_BYTES_MAX = 64 * 1024;

/** A client's own id for one of its commands, in characters. */
export const CLIENT_ID_CHARS_MAX = 128;

/** A person's id (a token's `sub`), in characters. */
export const PERSON_ID_CHARS_MAX = 128;

/** Keys of a session's metadata. */
export const METADATA_KEYS_MAX = 32;

/** A metadata value or a free reason, in characters. */
export const REMARK_CHARS_MAX = 1_000;

/** Facts in one session's life. A session that is full takes no more commands, so that every fold of it is bounded. */
export const SESSION_FACTS_MAX = 100_000;

/** Facts in one commit. */
export const COMMIT_FACTS_MAX = 256;

/** A commit's estimated size in bytes, a quarter of the server's usual payload limit. */
export const COMMIT_BYTES_MAX = 256 * 1024;

/** Commands whose first answer a session remembers; an older id is refused, never run again. */
export const RECEIPTS_MAX = 1_024;

/** Entries in one tenant's knowledge base. */
export const ENTRIES_MAX = 100_000;

/** A tenant's own groups of words that mean the same; words in a group; characters in a word. */
export const SYNONYM_GROUPS_MAX = 500;
export const SYNONYMS_IN_GROUP_MAX = 20;
export const SYNONYM_CHARS_MAX = 64;

/** The longest that a deadline may wait, in milliseconds: some ten years. */
export const DEADLINE_MS_MAX = 3_660 * 24 * 60 * 60 * 1_000;

/** Questions that the assistant offers at once. */
export const CHOICES_MAX = 5;

/** Entries of the knowledge base that a model is given with one question. */
export const PASSAGES_MAX = 16;

/** Entries on one page of history, facts or inbox. */
export const PAGE_MAX = 200;
/** Entries on a page when the asker names no limit. */
export const PAGE_DEFAULT = 50;
