//! Value types of bodies and queries. Each parses (with deserr, which reports all faults of a request), serialises for
//! clients, and is the schema in `/openapi.json`.
//!
//! A PATCH distinguishes three cases (contract, REST 4.7): absent keeps a field, null clears it, anything else is its
//! new value. [`Patch`] is a field that can be cleared; `Option` one that cannot, for which null counts as absent.

mod color;
mod date;
mod flag;
mod id;
mod ids;
mod instant;
mod issue;
mod limit;
mod number;
mod patch;
mod preference;
mod ratios;
mod text;
mod timezone;
mod word;

pub use color::Color;
pub use date::{Date, DateError};
pub use flag::Flag;
pub use id::UserIdParam;
pub use ids::{IdList, TagGroupIds, TagIds, TimerIds};
pub use instant::{Bound, Instant};
pub use issue::{Issue, Issues};
pub use limit::PageLimit;
pub use number::WholeNumber;
pub use patch::Patch;
pub use preference::{Minutes, ZoneName};
pub use ratios::Ratios;
pub use text::{Description, LenientText, PlainText, SearchText, Text, Title};
pub use timezone::Timezone;
pub(crate) use word::word_input;

/// Registers a type's schema as a component of `/openapi.json`.
macro_rules! component {
    ($name:ty, $word:literal) => {
        #[cfg(feature = "schema")]
        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                $word.into()
            }
        }
    };
}
pub(crate) use component;

#[cfg(test)]
mod tests;
