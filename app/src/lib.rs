//! Lockstep's pages, components and live client.

pub mod agenda;
#[cfg(feature = "hydrate")]
mod alarm;
pub mod api;
mod app;
#[cfg(feature = "ssr")]
pub mod backend;
#[cfg(feature = "hydrate")]
mod browser;
mod components;
#[cfg(feature = "ssr")]
pub mod form;
pub mod friends;
#[cfg(feature = "hydrate")]
mod hydrate;
pub mod layout;
pub mod links;
pub mod live;
pub mod local_time;
pub mod locale;
mod navigation;
pub mod page;
pub mod pages;
mod query;
#[cfg(feature = "ssr")]
mod shell;
pub mod snapshot;
mod state;
pub mod texts;
pub mod writes;

pub use app::App;
#[cfg(feature = "hydrate")]
pub use hydrate::hydrate;
#[cfg(feature = "ssr")]
pub use shell::{SiteFiles, shell};
