//! WebSockets, one folder per protocol, beside the parts that they share.

mod admission;
mod authenticated;
pub mod timers;
