//! The languages in which Lockstep speaks to people.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantNames};

/// A language of the pages. Its code is the primary subtag of BCP 47.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, EnumString, IntoStaticStr, VariantNames,
)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Language {
    #[default]
    #[serde(rename = "en")]
    #[strum(serialize = "en")]
    English,
    #[serde(rename = "ko")]
    #[strum(serialize = "ko")]
    Korean,
}

crate::rest::input::word_input!(Language);

impl Language {
    /// All languages.
    pub const ALL: [Self; 2] = [Self::English, Self::Korean];

    /// The code, as in the `lang` attribute of HTML.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The language's own name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Korean => "한국어",
        }
    }

    /// The language of a tag in any case; what follows the primary subtag is ignored.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        let mut all = Self::ALL.into_iter();
        all.find(|known| primary.eq_ignore_ascii_case(known.as_str()))
    }

    /// The best language for an `Accept-Language` header (RFC 9110, 12.5.4): by weight, then by order; regions are
    /// ignored. `None` if none of the header's languages is known.
    pub fn accepted(header: &str) -> Option<Self> {
        let weighted = header.split(',').filter_map(|range| {
            let mut parts = range.split(';').map(str::trim);
            let language = Self::of_tag(parts.next()?)?;
            let weight = parts.find_map(|part| part.strip_prefix("q=")).unwrap_or("1");
            let weight: f32 = weight.trim().parse().ok()?;
            (weight > 0.0).then_some((language, weight))
        });
        let best = weighted.reduce(|best, other| if other.1 > best.1 { other } else { best });
        best.map(|(language, _)| language)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_known_language_is_accepted() {
        for (header, language) in [
            ("ko-KR,ko;q=0.9,en;q=0.8", Some(Language::Korean)),
            ("en;q=0.5, ko;q=0.7", Some(Language::Korean)),
            ("fr, de;q=0.9, en-GB;q=0.1", Some(Language::English)),
            ("en, ko", Some(Language::English)),
            ("ko;q=0", None),
            ("fr", None),
            ("*", None),
            ("", None),
            (";q=,,ko;q=x", None),
        ] {
            assert_eq!(Language::accepted(header), language, "{header}");
        }
    }

    #[test]
    fn tags_are_read_by_their_primary_subtag() {
        assert_eq!(Language::of_tag("KO-kr"), Some(Language::Korean));
        assert_eq!(Language::of_tag("en_US"), Some(Language::English));
        assert_eq!(Language::of_tag("kok"), None);
    }
}
