//! Shared parts of all endpoints: parsing requests, authentication, errors, pages of lists, limits, CORS.

pub mod caller;
pub mod cors;
pub mod error;
pub mod input;
pub mod json;
pub mod limit;
pub mod ok;
pub mod paging;
mod refusal;
pub mod table;
