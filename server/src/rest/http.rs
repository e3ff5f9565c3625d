//! What all endpoints share: reading requests, who calls, errors, pages of lists, limits, CORS.

pub mod caller;
pub mod cors;
pub mod done;
pub mod error;
pub mod instant;
pub mod json;
pub mod limit;
pub mod paging;
pub mod path;
pub mod query;
mod refusal;
pub mod scope;
pub mod table;
