//! A user's preferences: how the app looks and sounds on all the user's devices.

use crate::language::Language;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantNames};

/// The default length of a new timer in minutes, unless the user sets another.
const DEFAULT_MINUTES: u32 = 25;

/// The preferences of a user. `None` and null: the app decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Preferences {
    /// The language; null: that of the browser.
    pub language: Option<Language>,
    /// The colour scheme; null: that of the system.
    pub theme: Option<Theme>,
    /// The name of a timezone of the IANA database; null: that of the device.
    pub time_zone: Option<String>,
    /// The first day of the week; null: by language.
    pub week_start: Option<WeekStart>,
    /// The hours of the clock, 12 or 24; null: by language.
    pub hour_cycle: Option<HourCycle>,
    /// The length of a new timer, in minutes.
    #[cfg_attr(feature = "schema", schema(value_type = crate::rest::input::Minutes))]
    pub default_minutes: u32,
    /// Whether a timer that reaches its length rings.
    pub sound: bool,
    /// Whether it shows a notification. The browser asks for permission as well.
    pub notifications: bool,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            language: None,
            theme: None,
            time_zone: None,
            week_start: None,
            hour_cycle: None,
            default_minutes: DEFAULT_MINUTES,
            sound: true,
            notifications: false,
        }
    }
}

/// A colour scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr, VariantNames)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Theme {
    Light,
    Dark,
}

/// The first day of the week in calendars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr, VariantNames)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum WeekStart {
    Monday,
    Saturday,
    Sunday,
}

crate::rest::input::word_input!(Theme, WeekStart);

impl Theme {
    /// The name on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

impl WeekStart {
    /// The name on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// The hours of a clock: a number on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "u8", try_from = "u8")]
pub enum HourCycle {
    /// From 1 to 12, with a.m. and p.m.
    Twelve,
    /// From 0 to 23.
    TwentyFour,
}

impl From<HourCycle> for u8 {
    fn from(cycle: HourCycle) -> Self {
        match cycle {
            HourCycle::Twelve => 12,
            HourCycle::TwentyFour => 24,
        }
    }
}

impl TryFrom<u8> for HourCycle {
    type Error = &'static str;

    fn try_from(hours: u8) -> Result<Self, Self::Error> {
        match hours {
            12 => Ok(Self::Twelve),
            24 => Ok(Self::TwentyFour),
            _ => Err("Must be 12 or 24"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn preferences_are_written_as_they_are_parsed() {
        let defaults = json!({ "language": null, "theme": null, "time_zone": null, "week_start": null,
                               "hour_cycle": null, "default_minutes": 25, "sound": true, "notifications": false });
        assert_eq!(json!(Preferences::default()), defaults);
        let set = json!({ "language": "ko", "theme": "dark", "time_zone": "Asia/Seoul", "week_start": "saturday",
                          "hour_cycle": 24, "default_minutes": 50, "sound": false, "notifications": true });
        let parsed: Preferences = serde_json::from_value(set.clone()).unwrap();
        assert_eq!(
            (parsed.language, parsed.hour_cycle),
            (Some(Language::Korean), Some(HourCycle::TwentyFour))
        );
        assert_eq!(json!(parsed), set);
        assert!(serde_json::from_value::<HourCycle>(json!(13)).is_err());
    }
}
