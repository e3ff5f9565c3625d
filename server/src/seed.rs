//! `lockstep seed`: fills an account with much data, for looking at the pages and measuring them. The content depends on
//! the seed's number alone, its dates on the present; ids are new ones each time.
//!
//! All of it is one transaction. No events are logged for the timers: open pages show them after they are reloaded.

mod account;
mod friends;
mod random;
mod schedules;
mod tags;
mod timers;
mod todos;
mod words;

use crate::{
    clock,
    config::{Config, Environment},
    service::{Refusal, quotas::QuotaCheck},
    store::{Conn, Store, StoreError, usage},
};
use anyhow::{Context, bail, ensure};
use futures_util::FutureExt;
use protocol::{id::UserId, time::Timestamp};
use random::Random;

/// Accounts with fewer timers are filled without asking: they were not seeded.
const SEEDED_TIMERS: i64 = 1_000;
/// How long ago the oldest timer started, in days.
const DAYS: i64 = 730;
const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// What to fill.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The address of the account, which is created if it is missing.
    pub email: String,
    /// A tenth of the data.
    pub small: bool,
    /// Fills an account again that was filled before.
    pub again: bool,
    /// Determines the content.
    pub seed: u64,
}

/// How much of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amounts {
    pub timers: usize,
    pub todos: usize,
    /// Recurring ones; besides them each deadline of a todo has a schedule.
    pub schedules: usize,
    pub tags: usize,
    pub tag_groups: usize,
    pub friends: usize,
}

impl Amounts {
    fn of(options: &Options) -> Self {
        let part = if options.small { 10 } else { 1 };
        Self {
            timers: 10_000 / part,
            todos: 2_000 / part,
            schedules: 500 / part,
            tags: 200 / part,
            tag_groups: 20 / part,
            friends: 50 / part,
        }
    }
}

/// What was done.
#[derive(Debug)]
pub struct Seeded {
    /// The password of the account, if it was created.
    pub password: Option<String>,
    pub amounts: Amounts,
}

/// Fills the account.
///
/// # Errors
/// One sentence: outside of development, for an invalid address, for an account that was filled before, and when the
/// database fails. Nothing was changed then, except that the account may have been created.
pub async fn run(config: &Config, options: &Options) -> anyhow::Result<Seeded> {
    if config.environment != Environment::Development {
        bail!("seed fills accounts with invented data: it runs only where ENVIRONMENT is development");
    }
    let store = Store::open(&config.database).await?.with_quotas(config.quotas);
    let seeded = fill(&store, options).await;
    store.close().await;
    seeded
}

/// Fills the account in a store.
///
/// # Errors
/// Those of [`run`].
pub(crate) async fn fill(store: &Store, options: &Options) -> anyhow::Result<Seeded> {
    let (account, password) = account::find_or_create(store, &options.email).await?;
    let (user, name) = (account.id.clone(), account.email.clone());
    let used = store.query(async |conn| usage::of(conn, &[&user]).await).await?;
    let used = used.get(&user).copied().unwrap_or_default();
    ensure!(
        options.again || used.timers < SEEDED_TIMERS,
        "{name} has {} timers already; --again adds all of it once more",
        used.timers
    );
    let (amounts, now, quotas) = (Amounts::of(options), clock::now(), store.quotas());
    let mut random = Random::new(options.seed);
    store
        .writer()
        .write(move |conn| {
            async move {
                let check = QuotaCheck::begin(conn, quotas, &user).await?;
                write(conn, &user, amounts, &mut random, now).await?;
                check.end::<Refusal>(conn).await
            }
            .boxed()
        })
        .await
        .context("the account cannot be filled")?;
    Ok(Seeded { password, amounts })
}

async fn write(
    conn: &mut Conn,
    user: &UserId,
    amounts: Amounts,
    random: &mut Random,
    now: Timestamp,
) -> Result<(), StoreError> {
    let groups = tags::write(conn, user, amounts, random, now).await?;
    let todos = todos::write(conn, user, amounts.todos, &groups, random, now).await?;
    let schedules = schedules::write(conn, user, amounts.schedules, &groups, random, now).await?;
    let links = timers::Links {
        tags: groups.iter().flat_map(|group| group.tags.iter().copied()).collect(),
        todos: todos.clone(),
        schedules: schedules.clone(),
    };
    let timers = timers::write(conn, user, amounts.timers, &links, random, now).await?;
    friends::write(conn, user, amounts.friends, (&timers, &todos, &schedules), random, now).await
}
