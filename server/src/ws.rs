//! WebSockets, one folder a protocol; what they share stands beside them.

mod admission;
mod authenticated;
pub mod timers;
