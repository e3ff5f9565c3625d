//! Reads columns as domain values.

use super::{Row, StoreError};
use protocol::{id::UserId, time::Timestamp};
use sqlx::Row as _;
use std::{
    collections::{HashMap, HashSet},
    hash::Hash,
    str::FromStr,
};

pub fn id<T: FromStr<Err: ToString>>(row: &Row, column: &str) -> Result<T, StoreError> {
    parse(&row.try_get::<String, _>(column)?)
}

/// An id or null.
pub fn optional_id<T: FromStr<Err: ToString>>(row: &Row, column: &str) -> Result<Option<T>, StoreError> {
    let text: Option<String> = row.try_get(column)?;
    text.as_deref().map(parse).transpose()
}

/// An instant.
pub fn instant(row: &Row, column: &str) -> Result<Timestamp, StoreError> {
    Ok(Timestamp::from_millis(row.try_get(column)?))
}

/// An instant or null.
pub fn optional_instant(row: &Row, column: &str) -> Result<Option<Timestamp>, StoreError> {
    let millis: Option<i64> = row.try_get(column)?;
    Ok(millis.map(Timestamp::from_millis))
}

/// An enum, stored by its name.
pub fn parsed<T: FromStr>(row: &Row, column: &'static str) -> Result<T, StoreError> {
    let text: String = row.try_get(column)?;
    text.parse().map_err(|_| StoreError::corrupt(column, text))
}

/// An enum or null.
pub fn optional_parsed<T: FromStr>(row: &Row, column: &'static str) -> Result<Option<T>, StoreError> {
    let text: Option<String> = row.try_get(column)?;
    text.map(|text| text.parse().map_err(|_| StoreError::corrupt(column, text)))
        .transpose()
}

/// A number of bytes or rows.
pub fn size(row: &Row, column: &str) -> Result<usize, StoreError> {
    let size: i64 = row.try_get(column)?;
    usize::try_from(size).map_err(|error| StoreError::corrupt("size", error))
}

/// A boolean, stored as 0 or 1.
pub fn switch(row: &Row, column: &str) -> Result<bool, StoreError> {
    Ok(row.try_get::<i64, _>(column)? != 0)
}

fn parse<T: FromStr<Err: ToString>>(text: &str) -> Result<T, StoreError> {
    text.parse()
        .map_err(|error: T::Err| StoreError::corrupt("id", error.to_string()))
}

/// Owners by id, from rows of `id` and `owner_id`.
pub fn owners<T: FromStr<Err: ToString> + Eq + Hash>(rows: &[Row]) -> Result<HashMap<T, UserId>, StoreError> {
    rows.iter()
        .map(|row| Ok((id(row, "id")?, UserId(row.try_get("owner_id")?))))
        .collect()
}

/// The ids of the rows of `id` and `owner_id` that belong to the user.
pub fn owned<T: FromStr<Err: ToString> + Eq + Hash>(rows: &[Row], owner: &UserId) -> Result<HashSet<T>, StoreError> {
    let mut ids = HashSet::new();
    for row in rows {
        if row.try_get::<String, _>("owner_id")? == owner.0 {
            ids.insert(id(row, "id")?);
        }
    }
    Ok(ids)
}
