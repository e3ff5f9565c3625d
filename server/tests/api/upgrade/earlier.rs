//! The database of a release with migrations 1 to 5: its tables, and rows as that release wrote them. Nothing here may
//! depend on later code.

use crate::support::TestDatabase;
use serde_json::{Value, json};
use sqlx::{Any, AnyConnection, AssertSqlSafe, migrate::Migrator, query::Query};

/// The last migration of that release.
const MIGRATIONS: i64 = 5;

/// Built-in accounts, except for Zoe, a user of an issuer.
pub const ADA: &str = "0199aaaa-0000-7000-8000-000000000001";
pub const EVE: &str = "0199aaaa-0000-7000-8000-000000000002";
pub const IDA: &str = "0199aaaa-0000-7000-8000-000000000003";
pub const MALLORY: &str = "0199aaaa-0000-7000-8000-000000000004";
pub const ZOE: &str = "auth0|zoe";
/// The password of all accounts.
pub const PASSWORD: &str = "correct horse";
/// The refresh token of Ada's session.
pub const REFRESH_TOKEN: &str = "an-earlier-release-made-this-refresh-token";
pub const EPOCH: &str = "0123456789abcdef0123456789abcdef";

pub const RUNNING: &str = "0199bbbb-0000-7000-8000-000000000001";
pub const PAUSED: &str = "0199bbbb-0000-7000-8000-000000000002";
pub const COMPLETED: &str = "0199bbbb-0000-7000-8000-000000000003";
pub const CANCELLED: &str = "0199bbbb-0000-7000-8000-000000000004";
pub const DELETED: &str = "0199bbbb-0000-7000-8000-000000000005";
/// Further COMPLETED timers, enough to be migrated in several transactions.
pub const FURTHER: u32 = 230;

pub const GROUP: &str = "0199cccc-0000-7000-8000-000000000001";
pub const TAG: &str = "0199cccc-0000-7000-8000-000000000002";
pub const TODO: &str = "0199dddd-0000-7000-8000-000000000001";
pub const SUBTODO: &str = "0199dddd-0000-7000-8000-000000000002";
pub const PLAIN: &str = "0199eeee-0000-7000-8000-000000000001";
pub const RECURRING: &str = "0199eeee-0000-7000-8000-000000000002";
pub const DEADLINE: &str = "0199eeee-0000-7000-8000-000000000003";
/// 2024-01-01T10:00:00Z, the first occurrence of [`RECURRING`].
const MONDAY: i64 = 1_704_103_200_000;
const DAY: i64 = 24 * 60 * 60 * 1_000;

const PASSWORD_HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$zWyN/H+4lGQo98JMnF5h0w$35Rz6HYtSR/iTDZR/FwVsQQynkkR83nC01f9cFX/+GU";
const REFRESH_HASH: &str = "9i4jql5KMXACuYIxW7xvsSE03SluXYvMv_DX5Wn1g2Q";

/// The database of the earlier release.
pub struct EarlierDatabase {
    conn: AnyConnection,
    /// Unix milliseconds of the first event: an hour ago, so that nothing has expired.
    pub start: i64,
}

type Bind = Query<'static, Any, sqlx::any::AnyArguments>;

impl EarlierDatabase {
    /// Creates the tables and fills them.
    pub async fn create(database: &TestDatabase, now: i64) -> Self {
        let mut conn = database.connect().await;
        let all = sqlx::migrate!();
        let migrations = all
            .migrations
            .iter()
            .filter(|migration| migration.version <= MIGRATIONS);
        Migrator::with_migrations(migrations.cloned().collect())
            .run(&mut conn)
            .await
            .unwrap();
        let mut earlier = Self {
            conn,
            start: now - 60 * 60 * 1_000,
        };
        earlier.insert_users().await;
        earlier.insert_schedules_and_todos().await;
        earlier.insert_timers().await;
        earlier.insert_log().await;
        earlier.insert_friendships().await;
        earlier.insert_visibilities().await;
        earlier
    }

    /// Unix milliseconds at so many seconds after the start.
    pub fn at(&self, seconds: i64) -> i64 {
        self.start + seconds * 1_000
    }

    /// Inserts a row of texts and integers.
    async fn insert(&mut self, table: &str, row: Value) {
        let row = row.as_object().unwrap();
        let names: Vec<&str> = row.keys().map(String::as_str).collect();
        let places: Vec<String> = (1..=names.len()).map(|place| format!("${place}")).collect();
        let sql = format!(
            "INSERT INTO {table} ({}) VALUES ({})",
            names.join(", "),
            places.join(", ")
        );
        let bind = |query: Bind, value: &Value| match value {
            Value::Number(number) => query.bind(number.as_i64().unwrap()),
            Value::String(text) => query.bind(text.clone()),
            _ => panic!("{value}"),
        };
        let values = row.values();
        let query = values.fold(sqlx::query(AssertSqlSafe(sql)), bind);
        query.execute(&mut self.conn).await.unwrap();
    }

    async fn insert_users(&mut self) {
        let since = self.start;
        for (id, name) in [
            (ADA, "ada"),
            (EVE, "eve"),
            (IDA, "ida"),
            (MALLORY, "mallory"),
            (ZOE, "zoe"),
        ] {
            let mut user = json!({ "id": id, "display_name": name.to_uppercase(), "friend_code": format!("code-of-{name}"),
                                   "created_at": since });
            if id == ZOE {
                user["email"] = json!("zoe@example.com");
                user["avatar_url"] = json!("https://id.example/zoe.png");
                user["friend_activity"] = json!("running");
            }
            self.insert("users", user).await;
            if id != ZOE {
                let account =
                    json!({ "email": format!("{name}@example.com"), "user_id": id, "password_hash": PASSWORD_HASH });
                self.insert("credentials", account).await;
            }
        }
        let session = json!({ "id": "0199ffff-0000-7000-8000-000000000001", "user_id": ADA, "created_at": since,
                              "expires_at": since + 30 * DAY });
        self.insert("sessions", session).await;
        let token = json!({ "token_hash": REFRESH_HASH, "session_id": "0199ffff-0000-7000-8000-000000000001",
                            "created_at": since });
        self.insert("refresh_tokens", token).await;
        self.insert("server_meta", json!({ "name": "epoch", "value": EPOCH }))
            .await;
    }

    async fn insert_schedules_and_todos(&mut self) {
        let since = self.start;
        let group = json!({ "id": GROUP, "owner_id": ADA, "name": "Work", "color": "#112233", "description": "Paid",
                            "goal_ratios": r#"{"deep":0.7,"shallow":0.3}"#, "created_at": since, "updated_at": since });
        self.insert("tag_groups", group).await;
        let tag = json!({ "id": TAG, "owner_id": ADA, "group_id": GROUP, "name": "deep", "color": "#445566",
                          "created_at": since, "updated_at": since });
        self.insert("tags", tag).await;
        let todo = json!({ "id": TODO, "owner_id": ADA, "title": "Book", "deadline": MONDAY + DAY, "tag_group_id": GROUP,
                           "status": "SCHEDULED", "created_at": since });
        self.insert("todos", todo).await;
        let subtodo = json!({ "id": SUBTODO, "owner_id": ADA, "title": "Chapter", "description": "The first",
                              "tag_group_id": GROUP, "parent_id": TODO, "status": "UNSCHEDULED", "created_at": since });
        self.insert("todos", subtodo).await;
        let schedule = |id: &str, title: &str, start: i64, from_deadline: i64| {
            json!({ "id": id, "owner_id": ADA, "title": title, "start_time": start, "end_time": start + 1_800_000,
                    "from_deadline": from_deadline, "state": "PLANNED", "created_at": since })
        };
        let mut plain = schedule(PLAIN, "Dentist", MONDAY + 2 * DAY, 0);
        plain["state"] = json!("CONFIRMED");
        plain["tag_group_id"] = json!(GROUP);
        self.insert("schedules", plain).await;
        let mut recurring = schedule(RECURRING, "Stand-up", MONDAY, 0);
        recurring["description"] = json!("Daily");
        recurring["recurrence_rule"] = json!("FREQ=DAILY");
        recurring["recurrence_end"] = json!(MONDAY + 4 * DAY);
        self.insert("schedules", recurring).await;
        let mut deadline = schedule(DEADLINE, "Book", MONDAY + DAY, 1);
        deadline["source_todo_id"] = json!(TODO);
        self.insert("schedules", deadline).await;
        let removed = json!({ "id": "0199eeee-0000-7000-8000-00000000000a", "schedule_id": RECURRING,
                              "instance_start": MONDAY + DAY, "removed": 1 });
        self.insert("schedule_exceptions", removed).await;
        let moved = json!({ "id": "0199eeee-0000-7000-8000-00000000000b", "schedule_id": RECURRING, "removed": 0,
                            "instance_start": MONDAY + 2 * DAY, "title": "Late stand-up",
                            "start_time": MONDAY + 2 * DAY + 3_600_000, "end_time": MONDAY + 2 * DAY + 5_400_000 });
        self.insert("schedule_exceptions", moved).await;
        for (table, column, id) in [
            (
                "schedule_exception_tags",
                "exception_id",
                "0199eeee-0000-7000-8000-00000000000b",
            ),
            ("schedule_tags", "schedule_id", RECURRING),
            ("todo_tags", "todo_id", TODO),
        ] {
            self.insert(table, json!({ column: id, "tag_id": TAG })).await;
        }
    }

    /// A timer as the log stores it, with its history up to `until` seconds after the start.
    pub fn timer(&self, id: &str, until: i64) -> Value {
        let entry = |action: &str, seconds: i64, elapsed: Option<i64>| {
            let mut entry = json!({ "action": action, "at": self.at(seconds) });
            if let Some(elapsed) = elapsed {
                entry["elapsed"] = json!(elapsed);
            }
            (seconds, entry)
        };
        let history = match id {
            RUNNING => vec![
                entry("start", 0, None),
                entry("pause", 60, Some(60)),
                entry("resume", 120, None),
            ],
            PAUSED => vec![entry("start", 10, None), entry("pause", 100, Some(90))],
            CANCELLED => vec![
                entry("start", 5, None),
                entry("pause", 25, Some(20)),
                entry("cancel", 40, Some(20)),
            ],
            DELETED => vec![entry("start", 130, None)],
            _ => vec![entry("start", 0, None), entry("stop", 30, Some(30))],
        };
        let history: Vec<_> = history.into_iter().filter(|(seconds, _)| *seconds <= until).collect();
        let time = |actions: &[&str]| {
            let of = history
                .iter()
                .rev()
                .find(|(_, entry)| actions.contains(&entry["action"].as_str().unwrap()));
            of.map(|(_, entry)| entry["at"].clone())
        };
        let (last, elapsed) = (
            history.last().unwrap(),
            history.iter().rev().find_map(|(_, entry)| entry["elapsed"].as_i64()),
        );
        let status = match last.1["action"].as_str().unwrap() {
            "start" | "resume" => "RUNNING",
            "pause" => "PAUSED",
            "stop" => "COMPLETED",
            _ => "CANCELLED",
        };
        json!({
            "id": id, "owner_id": ADA, "title": format!("Timer {}", &id[35..]), "description": null,
            "schedule_id": (id == PAUSED).then_some(DEADLINE), "todo_id": (id == PAUSED).then_some(TODO),
            "allocated_seconds": 1_500, "elapsed_millis": elapsed.unwrap_or(0) * 1_000, "status": status,
            "started_at": time(&["start", "resume"]),
            "paused_at": if last.1["action"] == "resume" { None } else { time(&["pause"]) },
            "ended_at": time(&["stop", "cancel"]),
            "history": history.iter().map(|(_, entry)| entry.clone()).collect::<Vec<_>>(),
            "created_at": history[0].1["at"], "updated_at": last.1["at"],
        })
    }

    async fn insert_timers(&mut self) {
        let further = (0..FURTHER).map(|number| format!("0199bbbb-0000-7000-9000-{number:012}"));
        let ids = [RUNNING, PAUSED, COMPLETED, CANCELLED].map(str::to_owned).into_iter();
        for id in ids.chain(further) {
            let mut row = self.timer(&id, i64::MAX);
            row["history"] = json!(row["history"].to_string());
            let row = row.as_object_mut().unwrap();
            row.retain(|_, value| !value.is_null());
            self.insert("timers", json!(row)).await;
        }
        self.insert("timer_tags", json!({ "timer_id": RUNNING, "tag_id": TAG }))
            .await;
    }

    /// The messages of Ada's log, ordered by `seq` from 1.
    pub fn messages(&self) -> Vec<Value> {
        let changed = |id: &str, seconds: i64, action: &str| {
            let timer = self.timer(id, seconds);
            (seconds, json!({ "timer": { "timer": timer, "action": action } }))
        };
        let bodies = [
            changed(RUNNING, 0, "start"),
            changed(PAUSED, 10, "start"),
            changed(RUNNING, 60, "pause"),
            changed(PAUSED, 100, "pause"),
            changed(RUNNING, 120, "resume"),
            changed(DELETED, 130, "start"),
            (140, json!({ "timer_deleted": { "timer_id": DELETED } })),
        ];
        let message = |(index, (seconds, body)): (usize, (i64, Value))| {
            json!({ "body": body, "timestamp": self.at(seconds), "from_user": ADA, "seq": index + 1, "reply_to": null,
                    "replayed": false })
        };
        bodies.into_iter().enumerate().map(message).collect()
    }

    /// The stored reply to a refused command.
    pub fn refusal(&self) -> Value {
        let error = json!({ "code": "PAUSE_FAILED", "message": "Cannot pause timer with status PAUSED",
                            "reason": "TIMER_NOT_RUNNING" });
        json!({ "body": { "error": error }, "timestamp": self.at(110), "from_user": null, "seq": null, "reply_to": null,
                "replayed": false })
    }

    async fn insert_log(&mut self) {
        let messages = self.messages();
        self.insert("event_streams", json!({ "user_id": ADA, "seq": messages.len() }))
            .await;
        for message in &messages {
            let event = json!({ "user_id": ADA, "seq": message["seq"], "at": message["timestamp"],
                                "message": message.to_string() });
            self.insert("events", event).await;
        }
        let reply =
            |id: &str, at: i64, reply: String| json!({ "user_id": ADA, "command_id": id, "at": at, "reply": reply });
        // Before migration 5 the whole reply was stored, since then the `seq` of its event.
        let whole = reply("whole", self.at(0), messages[0].to_string());
        self.insert("command_replies", whole).await;
        let mut numbered = reply("numbered", self.at(60), String::new());
        numbered["event_seq"] = json!(3);
        self.insert("command_replies", numbered).await;
        let refused = reply("refused", self.at(110), self.refusal().to_string());
        self.insert("command_replies", refused).await;
    }

    async fn insert_friendships(&mut self) {
        let since = self.start;
        for (number, requester, addressee, status, blocked_by) in [
            (1, EVE, ADA, "accepted", None),
            (2, IDA, ADA, "pending", None),
            (3, MALLORY, ADA, "blocked", Some(ADA)),
            (4, ADA, ZOE, "accepted", None),
        ] {
            let mut row = json!({
                "id": format!("0199abcd-0000-7000-8000-00000000000{number}"), "requester_id": requester,
                "low_id": requester.min(addressee), "high_id": requester.max(addressee), "addressee_id": addressee,
                "status": status, "created_at": since, "updated_at": since,
            });
            if let Some(user) = blocked_by {
                row["blocked_by"] = json!(user);
            }
            self.insert("friendships", row).await;
        }
    }

    async fn insert_visibilities(&mut self) {
        let since = self.start;
        for (number, kind, id, level, entries) in [
            (1, "timer", RUNNING, "friends", vec![]),
            (2, "todo", TODO, "selected", vec![("user", EVE, EVE)]),
            (
                3,
                "schedule",
                PLAIN,
                "allowed_emails",
                vec![
                    ("email", "zoe@example.com", "Zoe@Example.com"),
                    ("domain", "x.test", "X.test"),
                ],
            ),
        ] {
            let setting = format!("0199dcba-0000-7000-8000-00000000000{number}");
            let row = json!({ "id": setting, "resource_type": kind, "resource_id": id, "owner_id": ADA, "level": level,
                              "created_at": since, "updated_at": since });
            self.insert("visibilities", row).await;
            for (place, (kind, key, value)) in entries.into_iter().enumerate() {
                let entry = json!({ "visibility_id": setting, "kind": kind, "match_key": key, "value": value,
                                    "place": place });
                self.insert("visibility_entries", entry).await;
            }
        }
    }
}
