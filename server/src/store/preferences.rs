//! The table `preferences`.

use super::{Conn, Row, StoreError, columns};
use protocol::{
    id::UserId,
    preferences::{HourCycle, Preferences},
};
use sqlx::Row as _;

/// A user's preferences; the defaults if none are stored.
pub async fn of(conn: &mut Conn, user: &UserId) -> Result<Preferences, StoreError> {
    let row = sqlx::query("SELECT * FROM preferences WHERE user_id = $1")
        .bind(user.as_str())
        .fetch_optional(conn)
        .await?;
    row.as_ref().map_or_else(|| Ok(Preferences::default()), preferences)
}

/// Stores a user's preferences.
pub async fn put(conn: &mut Conn, user: &UserId, new: &Preferences) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO preferences (user_id, language, theme, time_zone, week_start, hour_cycle, default_minutes, sound,
             notifications)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (user_id) DO UPDATE SET language = excluded.language, theme = excluded.theme,
         time_zone = excluded.time_zone, week_start = excluded.week_start, hour_cycle = excluded.hour_cycle,
         default_minutes = excluded.default_minutes, sound = excluded.sound, notifications = excluded.notifications",
    )
    .bind(user.as_str())
    .bind(new.language.map(|language| language.as_str()))
    .bind(new.theme.map(|theme| theme.as_str()))
    .bind(new.time_zone.as_deref())
    .bind(new.week_start.map(|day| day.as_str()))
    .bind(new.hour_cycle.map(|cycle| i64::from(u8::from(cycle))))
    .bind(i64::from(new.default_minutes))
    .bind(i64::from(new.sound))
    .bind(i64::from(new.notifications))
    .execute(conn)
    .await?;
    Ok(())
}

fn preferences(row: &Row) -> Result<Preferences, StoreError> {
    let hours: Option<i64> = row.try_get("hour_cycle")?;
    let minutes: i64 = row.try_get("default_minutes")?;
    Ok(Preferences {
        language: columns::optional_parsed(row, "language")?,
        theme: columns::optional_parsed(row, "theme")?,
        time_zone: row.try_get("time_zone")?,
        week_start: columns::optional_parsed(row, "week_start")?,
        hour_cycle: hours.map(hour_cycle).transpose()?,
        default_minutes: u32::try_from(minutes).map_err(|error| StoreError::corrupt("default_minutes", error))?,
        sound: columns::switch(row, "sound")?,
        notifications: columns::switch(row, "notifications")?,
    })
}

fn hour_cycle(hours: i64) -> Result<HourCycle, StoreError> {
    let cycle = u8::try_from(hours)
        .ok()
        .and_then(|hours| HourCycle::try_from(hours).ok());
    cycle.ok_or_else(|| StoreError::corrupt("hour_cycle", hours))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{testing, users};
    use futures_util::FutureExt;
    use protocol::{
        language::Language,
        preferences::{Theme, WeekStart},
        time::Timestamp,
    };

    #[tokio::test]
    async fn preferences_are_stored_replaced_and_removed_with_their_user() {
        let (store, _database) = testing::store().await;
        let story = store.writer().write(|conn| {
            async move {
                let ada = users::find_or_add(conn, "https://idp.example", "ada", Timestamp::default()).await?;
                assert_eq!(of(conn, &ada).await?, Preferences::default());
                let all = Preferences {
                    language: Some(Language::Korean),
                    theme: Some(Theme::Dark),
                    time_zone: Some("Asia/Seoul".into()),
                    week_start: Some(WeekStart::Sunday),
                    hour_cycle: Some(HourCycle::Twelve),
                    default_minutes: 525_600,
                    sound: false,
                    notifications: true,
                };
                for new in [all, Preferences::default()] {
                    put(conn, &ada, &new).await?;
                    assert_eq!(of(conn, &ada).await?, new);
                }
                sqlx::query("DELETE FROM users").execute(&mut *conn).await?;
                let rows: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM preferences")
                    .fetch_one(conn)
                    .await?;
                assert_eq!(rows, 0);
                Ok::<_, StoreError>(())
            }
            .boxed()
        });
        story.await.unwrap();
    }

    #[tokio::test]
    async fn a_database_of_an_earlier_release_gets_the_table_and_its_users_the_defaults() {
        let users = "INSERT INTO users (id, issuer, subject, friend_code, created_at)
                     VALUES ('ada', 'https://idp.example', 'ada', 'code', 0)";
        let (store, _database) = testing::upgraded(15, users).await;
        let read = store.read(async |conn| of(conn, &"ada".into()).await).await;
        assert_eq!(read.unwrap(), Preferences::default());
    }
}
