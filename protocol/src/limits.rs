//! Bounds on client input, shared by forms, commands and REST bodies.

/// The maximum length of a title or name, in characters (contract, REST 4.8).
pub const TITLE_CHARS: usize = 500;
/// The maximum length of a description, in characters (contract, REST 4.8).
pub const DESCRIPTION_CHARS: usize = 20_000;
/// The maximum length of a text to search for, in characters; it bounds the work of a search.
pub const SEARCH_CHARS: usize = 100;
/// The maximum allocated duration: ten years of 365 days, in seconds.
pub const ALLOCATED_SECONDS: i64 = 10 * 365 * 24 * 60 * 60;
/// The maximum length of the `id` of a client message, in characters (contract, WebSocket "Envelope").
pub const MESSAGE_ID_CHARS: usize = 64;
/// The maximum default length of a new timer: a year of 365 days, in minutes.
pub const DEFAULT_MINUTES: u32 = 365 * 24 * 60;
/// The minimum length of a password, in characters (NIST SP 800-63B, 3.1.1.2).
pub const PASSWORD_MIN_CHARS: usize = 8;
/// The maximum length of a password, in characters; it bounds the server's work of hashing one.
pub const PASSWORD_MAX_CHARS: usize = 256;
/// The maximum length of an e-mail address, in characters (RFC 5321, 4.5.3.1.3).
pub const EMAIL_CHARS: usize = 254;
/// The maximum length of a user's id, in characters.
pub const USER_ID_CHARS: usize = 255;
/// The maximum number of entries of a list in a request.
pub const LIST_ENTRIES: usize = 1_000;
/// The maximum number of goals of a tag group.
pub const GOAL_RATIOS: usize = 100;
/// The maximum number of entries of a page of a list.
pub const PAGE_ITEMS: usize = 1_000;
/// The maximum number of entries of each list of a visibility setting.
pub const VISIBILITY_ENTRIES: usize = 1_000;
/// The maximum length of such an entry, in characters.
pub const VISIBILITY_ENTRY_CHARS: usize = 320;
/// The maximum number of history entries with which a timer can still be paused or resumed. As JSON they take about
/// half a megabyte: with the longest title and description a message about the timer stays below NATS' default limit of
/// 1 MiB.
pub const HISTORY_ENTRIES: usize = 10_000;
