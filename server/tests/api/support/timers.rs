//! Timers of any time, stored as the server stores them.

use super::{TestServer, User};
use protocol::time::Timestamp;
use uuid::Uuid;

/// An ended timer.
pub struct PastTimer<'t> {
    /// Its first start, ISO 8601.
    pub start: &'t str,
    pub seconds: i64,
    pub title: &'t str,
    pub status: &'t str,
    pub schedule: Option<&'t str>,
    pub todo: Option<&'t str>,
    pub tags: &'t [&'t str],
}

impl<'t> PastTimer<'t> {
    /// A completed timer without links.
    pub fn new(start: &'t str, seconds: i64, title: &'t str) -> Self {
        Self {
            start,
            seconds,
            title,
            status: "COMPLETED",
            schedule: None,
            todo: None,
            tags: &[],
        }
    }

    /// Stores it as a user's; returns its id.
    pub async fn store(&self, server: &TestServer, user: &User) -> String {
        let (id, owner) = (Uuid::now_v7(), &user.grant.user.id);
        let start = Timestamp::parse_iso(self.start).unwrap().millis();
        let end = start + self.seconds * 1000 + 999;
        let text =
            |text: Option<&str>| text.map_or("NULL".to_owned(), |text| format!("'{}'", text.replace('\'', "''")));
        let (title, schedule, todo) = (text(Some(self.title)), text(self.schedule), text(self.todo));
        let mut sql = format!(
            "INSERT INTO timers (id, owner_id, title, schedule_id, todo_id, allocated_seconds, elapsed_millis, status,
                 started_at, ended_at, history, created_at, updated_at)
             VALUES ('{id}', '{owner}', {title}, {schedule}, {todo}, 1500, {elapsed}, '{status}', {start}, {end}, '',
                 {start}, {end});
             INSERT INTO timer_history (timer_id, position, action, at, elapsed)
             VALUES ('{id}', 0, 'start', {start}, NULL), ('{id}', 1, 'stop', {end}, {seconds});",
            elapsed = self.seconds * 1000 + 999,
            status = self.status,
            seconds = self.seconds,
        );
        for tag in self.tags {
            sql += &format!("INSERT INTO timer_tags (timer_id, tag_id) VALUES ('{id}', '{tag}');");
        }
        server.database.run(&sql).await;
        id.to_string()
    }
}
