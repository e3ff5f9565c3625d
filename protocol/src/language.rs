//! The languages of the app.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantNames};

/// A language. Its name is its code of ISO 639-1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, EnumString, IntoStaticStr, VariantNames)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Language {
    #[serde(rename = "en")]
    #[strum(serialize = "en")]
    English,
    #[serde(rename = "ko")]
    #[strum(serialize = "ko")]
    Korean,
}

crate::rest::input::word_input!(Language);

impl Language {
    /// The code.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}
