//! The query of what is measured by calendar days.

use crate::{
    rest::input::{Date, Issues, Timezone},
    time::DayRange,
};
use deserr::{Deserr, ValuePointerRef};

/// The days that are measured, at most 400.
#[derive(Clone, Debug, PartialEq, Deserr)]
#[deserr(error = Issues)]
#[cfg_attr(feature = "schema", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct DaysQuery {
    /// The first day.
    #[cfg_attr(feature = "schema", param(inline))]
    pub start_date: Date,
    /// The last day, at most 400 days from the first, both included.
    #[cfg_attr(feature = "schema", param(inline))]
    pub end_date: Date,
    /// The timezone whose days these are; UTC by default.
    #[cfg_attr(feature = "schema", param(inline, required = false))]
    #[deserr(default)]
    pub timezone: Timezone,
}

impl DaysQuery {
    /// The days.
    ///
    /// # Errors
    /// The fault of `end_date`: it is before `start_date`, or there are too many days.
    pub fn days(&self) -> Result<DayRange, Issues> {
        DayRange::new(self.start_date.0, self.end_date.0).map_err(|error| {
            let query = ValuePointerRef::Origin;
            let input = self.end_date.0.to_string().into();
            Issues::one("value_error", query.push_key("end_date"), error.to_string(), input).within("query")
        })
    }
}
