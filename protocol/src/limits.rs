//! The bounds on what a client may send. Forms, commands and REST bodies check against the same ones.

/// The longest title or name, in characters (contract, REST 4.8).
pub const TITLE_CHARS: usize = 500;
/// The longest description, in characters (contract, REST 4.8).
pub const DESCRIPTION_CHARS: usize = 20_000;
/// The longest allocated duration: ten years of 365 days, in seconds.
pub const ALLOCATED_SECONDS: i64 = 10 * 365 * 24 * 60 * 60;
/// The longest `id` of a client message, in characters (contract, WebSocket "Envelope").
pub const MESSAGE_ID_CHARS: usize = 64;
/// The shortest password of a built-in account, in characters (NIST SP 800-63B, 3.1.1.2).
pub const PASSWORD_MIN_CHARS: usize = 8;
/// The longest password, in characters: argon2 would take more, but hashing is paid by the server.
pub const PASSWORD_MAX_CHARS: usize = 256;
/// The longest e-mail address, in characters (RFC 5321, 4.5.3.1.3).
pub const EMAIL_CHARS: usize = 254;
/// The longest id of a user, in characters.
pub const USER_ID_CHARS: usize = 255;
/// The most entries of a list in a request.
pub const LIST_ENTRIES: usize = 1_000;
/// The most goals of a tag group.
pub const GOAL_RATIOS: usize = 100;
/// The most entries of a page of a list.
pub const PAGE_ITEMS: usize = 1_000;
/// The most entries of each list of a visibility setting.
pub const VISIBILITY_ENTRIES: usize = 1_000;
/// The longest entry of such a list, in characters.
pub const VISIBILITY_ENTRY_CHARS: usize = 320;
/// The most entries of a timer's history after which it can still be paused or resumed. As JSON they are about half a
/// megabyte: with the longest title and description a message about the timer stays below NATS' default limit of 1 MiB.
pub const HISTORY_ENTRIES: usize = 10_000;
