//! Client input about preferences.

use crate::{
    language::Language,
    preferences::{HourCycle, Preferences, Theme, WeekStart},
    rest::input::{Issues, Minutes, Patch, ZoneName},
};
use deserr::Deserr;
use serde::Serialize;

/// `PATCH /v1/users/me/preferences`: absent members keep their values; null clears those that can be null.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserr)]
#[deserr(error = Issues)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PreferenceChanges {
    /// The language; null: that of the browser.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[deserr(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Language>))]
    pub language: Patch<Language>,
    /// The colour scheme; null: that of the system.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[deserr(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Theme>))]
    pub theme: Patch<Theme>,
    /// The timezone; null: that of the device.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[deserr(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<ZoneName>))]
    pub time_zone: Patch<ZoneName>,
    /// The first day of the week; null: by language.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[deserr(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<WeekStart>))]
    pub week_start: Patch<WeekStart>,
    /// The hours of the clock; null: by language.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[deserr(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<HourCycle>))]
    pub hour_cycle: Patch<HourCycle>,
    /// The length of a new timer, in minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub default_minutes: Option<Minutes>,
    /// Whether a timer that reaches its length rings.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub sound: Option<bool>,
    /// Whether it shows a notification.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub notifications: Option<bool>,
}

impl PreferenceChanges {
    /// The preferences after the change.
    pub fn apply(self, to: Preferences) -> Preferences {
        Preferences {
            language: self.language.into_option().unwrap_or(to.language),
            theme: self.theme.into_option().unwrap_or(to.theme),
            time_zone: self.time_zone.into_option().unwrap_or(to.time_zone),
            week_start: self.week_start.into_option().unwrap_or(to.week_start),
            hour_cycle: self.hour_cycle.into_option().unwrap_or(to.hour_cycle),
            default_minutes: self.default_minutes.map_or(to.default_minutes, |minutes| minutes.0),
            sound: self.sound.unwrap_or(to.sound),
            notifications: self.notifications.unwrap_or(to.notifications),
        }
    }
}
