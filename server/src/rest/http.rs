//! What all endpoints share: reading requests, who calls, errors, pages of lists, limits, CORS.

pub mod caller;
pub mod cors;
pub mod done;
pub mod error;
pub mod input;
pub mod json;
pub mod limit;
pub mod paging;
mod refusal;
pub mod table;
