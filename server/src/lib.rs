//! Lockstep's server. Requests and commands flow one way: `ws`, `rest` and `pages` parse, authenticate and answer;
//! `service` contains the use cases; `store` the SQL; the crate `hub` the connections.

pub mod auth;
pub mod blocking;
pub mod client_address;
pub mod clock;
pub mod config;
mod headers;
pub mod limits;
mod listen;
pub mod logging;
pub mod metrics;
pub mod origins;
mod pages;
mod paging;
pub mod process;
mod rest;
mod same_origin;
pub mod seed;
pub mod server;
pub mod service;
pub mod site;
pub mod state;
pub mod store;
mod ws;
