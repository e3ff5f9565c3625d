//! Executes many commands at once: their data is read at once, the rules are applied in memory in the commands' order,
//! and the changes are written at once. So the number of statements does not grow with the number of commands.

use super::{QueuedCommand, links_of, timer_not_found};
use crate::{
    service::{
        streams::{self, TIMERS},
        timers::{
            event_log::{self, TimerEvent},
            links::{Known, Links},
        },
    },
    store::{
        Conn, StoreError,
        bulk::{ReadSet, WriteSet},
        command_replies::{self, CommandKey, NewReply, Reply},
        events::{self, Heads, NewEvent},
        tagged,
        timer_history::{self, Added},
        timers,
        usage::{self, Usage},
    },
};
use hub::StreamId;
use protocol::{
    id::{TagId, TimerId, UserId},
    timers::{Body, ErrorCode, Moment, NewTimer, Reason, ServerMessage, Timer, TimerAction, TimerCommand, WireError},
};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// The outcome of a command. Every outcome is committed: a refusal changes no timer, but uses up the id.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The timer was changed; this is the event.
    Changed(ServerMessage),
    /// The command was refused.
    Refused(ServerMessage),
    /// The id was answered before, with this reply.
    Replayed(ServerMessage),
}

/// Where the first reply to a command's id is.
enum First {
    /// In the database.
    Stored(ServerMessage),
    /// In this batch, at this index.
    Here(usize),
}

/// The decision on a command, before the events have numbers.
enum Decision {
    Change(Body),
    Refuse(WireError),
    Replay(ServerMessage),
    ReplayOf(usize),
}

/// Applies the commands in their order.
///
/// # Errors
/// [`StoreError`]; then the transaction must be rolled back.
pub async fn run(conn: &mut Conn, commands: &[QueuedCommand]) -> Result<Vec<Outcome>, StoreError> {
    let mut state = BatchState::load(conn, commands).await?;
    let decisions: Vec<Decision> = commands
        .iter()
        .enumerate()
        .map(|(place, command)| state.decide(place, command))
        .collect();
    let (outcomes, new) = number(&mut state.heads, commands, decisions)?;
    let heads = events::new_heads(&new);
    let replies = commands.iter().zip(&outcomes);
    let replies: Vec<NewReply<'_>> = replies
        .filter_map(|(command, outcome)| match outcome {
            Outcome::Changed(reply) | Outcome::Refused(reply) => first_reply(command, reply).transpose(),
            Outcome::Replayed(_) => None,
        })
        .collect::<Result<_, _>>()?;
    let changes = state.changes();
    let mut writes = WriteSet::default();
    changes.add_to(&mut writes);
    events::insert(&mut writes, &new, &heads);
    command_replies::insert(&mut writes, &replies);
    writes.run(conn).await?;
    Ok(outcomes)
}

/// The reply to store; for an event, its number.
fn first_reply<'r>(command: &'r QueuedCommand, reply: &ServerMessage) -> Result<Option<NewReply<'r>>, StoreError> {
    let Some(key) = &command.key else { return Ok(None) };
    let stored = match reply.seq {
        Some(seq) => Ok(seq),
        None => Err(serde_json::to_string(reply).map_err(|error| StoreError::corrupt("reply", error))?),
    };
    Ok(Some(NewReply {
        key,
        at: reply.timestamp,
        reply: stored,
    }))
}

/// The earlier replies as messages.
async fn decode_replies(
    conn: &mut Conn,
    found: Vec<(CommandKey, Reply)>,
) -> Result<HashMap<CommandKey, First>, StoreError> {
    let (mut replies, mut events) = (HashMap::new(), Vec::new());
    let mut keys_of_events = Vec::new();
    for (key, reply) in found {
        match reply {
            Reply::Event(event) => {
                events.push((key.user.clone(), event));
                keys_of_events.push(key);
            }
            Reply::Payload(json) => {
                let message = serde_json::from_str(&json).map_err(|error| StoreError::corrupt("reply", error))?;
                replies.insert(key, First::Stored(message));
            }
        }
    }
    let events = event_log::decode(conn, events).await?;
    replies.extend(keys_of_events.into_iter().zip(events.into_iter().map(First::Stored)));
    Ok(replies)
}

/// All data for the decisions, including the effects of earlier commands.
struct BatchState {
    answered: HashMap<CommandKey, First>,
    timers: HashMap<TimerId, Timer>,
    known: Known,
    created: BTreeSet<TimerId>,
    tagged: BTreeSet<(TimerId, TagId)>,
    changed: BTreeSet<TimerId>,
    /// Those whose end was corrected.
    corrected: BTreeSet<TimerId>,
    /// The number of stored history entries of each timer.
    stored: HashMap<TimerId, usize>,
    /// The usage of users who create timers.
    usage: HashMap<UserId, Usage>,
    /// The newest events of the users' streams.
    heads: Heads,
}

impl BatchState {
    async fn load(conn: &mut Conn, commands: &[QueuedCommand]) -> Result<Self, StoreError> {
        let keys = commands.iter().filter_map(|command| command.key.as_ref());
        let keys: Vec<(CommandKey, StreamId)> = keys.map(|key| (key.clone(), streams::timers_of(&key.user))).collect();
        let ids: BTreeSet<TimerId> = commands
            .iter()
            .filter_map(|command| command.command.timer_id())
            .collect();
        let ids = Vec::from_iter(ids);
        let creating = commands.iter().filter(|command| links_of(&command.command).is_some());
        let creating: BTreeSet<&UserId> = creating.map(|command| &command.caller.user).collect();
        let creating = Vec::from_iter(creating);
        let users: BTreeSet<&UserId> = commands.iter().map(|command| &command.caller.user).collect();
        let streams: Vec<StreamId> = users.into_iter().map(streams::timers_of).collect();

        let mut reads = ReadSet::default();
        let replies = command_replies::find_in(&mut reads, TIMERS.name(), &keys);
        // With histories, since each message about a timer contains its history.
        let timers = timers::find_in(&mut reads, &ids);
        let tags = tagged::shown_tags_in(&mut reads, &ids);
        let usage = usage::of_in(&mut reads, &creating);
        let heads = events::heads_in(&mut reads, &streams);
        let mut found = reads.run(conn).await?;

        let (mut timers, mut tags) = (found.take(timers)?, found.take(tags)?);
        for timer in &mut timers {
            timer.tags = tags.remove(&timer.id).unwrap_or_default();
        }
        let links = commands.iter().filter_map(|command| links_of(&command.command));
        Ok(Self {
            stored: timers.iter().map(|timer| (timer.id, timer.history.len())).collect(),
            timers: timers.into_iter().map(|timer| (timer.id, timer)).collect(),
            created: BTreeSet::new(),
            tagged: BTreeSet::new(),
            changed: BTreeSet::new(),
            corrected: BTreeSet::new(),
            usage: found.take(usage)?,
            heads: found.take(heads)?,
            answered: decode_replies(conn, found.take(replies)?).await?,
            known: Known::load(conn, &Vec::from_iter(links)).await?,
        })
    }

    fn decide(&mut self, place: usize, command: &QueuedCommand) -> Decision {
        if let Some(key) = &command.key {
            match self.answered.get(key) {
                Some(First::Stored(reply)) => return Decision::Replay(reply.clone()),
                Some(First::Here(place)) => return Decision::ReplayOf(*place),
                None => {
                    self.answered.insert(key.clone(), First::Here(place));
                }
            }
        }
        match self.apply(command) {
            Ok((timer, action)) => Decision::Change(Body::Timer {
                timer: Box::new(timer),
                action,
            }),
            Err(error) => Decision::Refuse(error),
        }
    }

    /// Applies the rule; an error is a refusal, and nothing is changed then.
    fn apply(&mut self, command: &QueuedCommand) -> Result<(Timer, TimerAction), WireError> {
        let user = &command.caller.user;
        let (next, action) = match &command.command {
            TimerCommand::Create { new, tag_ids } => (self.create(command, new, tag_ids)?, TimerAction::Start),
            TimerCommand::Act { action, timer_id } => {
                let timer = self.own_timer(user, *timer_id, (*action).into())?;
                let next = timer.act(*action, command.occurred_at, command.at);
                let next = next.map_err(|error| WireError::refused(*action, timer, error))?;
                self.changed.insert(next.id);
                (next, (*action).into())
            }
            TimerCommand::Correct { timer_id, ended_at } => {
                let timer = self.own_timer(user, *timer_id, ErrorCode::CorrectFailed)?;
                let next = timer.correct(*ended_at, command.at)?;
                self.changed.insert(next.id);
                self.corrected.insert(next.id);
                (next, TimerAction::Sync)
            }
        };
        self.timers.insert(next.id, next.clone());
        Ok((next, action))
    }

    /// The user's timer; another user's is indistinguishable from a missing one.
    fn own_timer(&self, user: &UserId, id: TimerId, failed: ErrorCode) -> Result<&Timer, WireError> {
        let timer = self.timers.get(&id).filter(|timer| timer.owner_id == *user);
        timer.ok_or_else(|| timer_not_found(failed, id))
    }

    fn create(&mut self, command: &QueuedCommand, new: &NewTimer, tag_ids: &[TagId]) -> Result<Timer, WireError> {
        let user = &command.caller.user;
        let invalid =
            |error: &dyn ToString| WireError::new(ErrorCode::CreateFailed, Reason::ValidationError, error.to_string());
        let moment = Moment::of(command.occurred_at, None, command.at);
        let moment = moment.map_err(|error| WireError::occurred_at(ErrorCode::CreateFailed, error))?;
        let links = Links::of(new, tag_ids);
        self.known.check(links, user)?;
        let (schedule_id, todo_id) = self.known.complete(links);
        let new = NewTimer {
            schedule_id,
            todo_id,
            ..new.clone()
        };
        let timer = Timer::create(TimerId(Uuid::now_v7()), user.clone(), new, moment);
        let timer = Timer {
            tags: self.known.tags(links),
            ..timer.map_err(|error| invalid(&error))?
        };
        let used = self.usage.entry(user.clone()).or_default();
        let then = *used + Usage::of_timer(timer.title.as_deref(), timer.description.as_deref());
        let fits = command.quotas.check(*used, then);
        fits.map_err(|error| invalid(&error))?;
        *used = then;
        self.created.insert(timer.id);
        // A set: duplicate tags count once (contract, REST 12.4).
        self.tagged.extend(tag_ids.iter().map(|tag| (timer.id, *tag)));
        Ok(timer)
    }

    /// The changes of the timers, with their state after the last command.
    fn changes(&self) -> Changes<'_> {
        let timers = |ids: &mut dyn Iterator<Item = &TimerId>| -> Vec<&Timer> {
            ids.filter_map(|id| self.timers.get(id)).collect()
        };
        let created = timers(&mut self.created.iter());
        let changed = timers(&mut self.changed.difference(&self.created));
        let (ended, changed): (Vec<_>, Vec<_>) = changed.into_iter().partition(|timer| timer.ended_at.is_some());
        let usage = match created.is_empty() {
            true => Vec::new(),
            false => self.usage.iter().map(|(user, usage)| (user, *usage)).collect(),
        };
        let stored = |timer: &&'_ Timer| self.stored.get(&timer.id).copied().unwrap_or(0);
        let all = created.iter().chain(&changed).chain(&ended).copied();
        // Ends that are not stored yet are inserted as they are now.
        let corrected = timers(&mut self.corrected.iter()).into_iter().filter_map(|timer| {
            let position = timer.history.len().checked_sub(1)?;
            (position < stored(&timer)).then_some((timer.id, position, &timer.history[position]))
        });
        Changes {
            corrected: corrected.collect(),
            entries: timer_history::rows(all.map(|timer| Added::beyond(stored(&timer), timer))),
            created,
            changed,
            ended,
            usage,
            tagged: Vec::from_iter(self.tagged.iter().copied()),
        }
    }
}

/// Rows to write.
struct Changes<'s> {
    created: Vec<&'s Timer>,
    changed: Vec<&'s Timer>,
    ended: Vec<&'s Timer>,
    entries: Vec<timer_history::EntryRow<'s>>,
    corrected: Vec<timer_history::EntryRow<'s>>,
    usage: Vec<(&'s UserId, Usage)>,
    tagged: Vec<(TimerId, TagId)>,
}

impl<'s> Changes<'s> {
    fn add_to(&'s self, writes: &mut WriteSet<'s>) {
        timers::insert(writes, &self.created);
        usage::put(writes, &self.usage);
        tagged::insert(writes, &self.tagged);
        timers::update_states(writes, &self.changed);
        timers::end(writes, &self.ended);
        timer_history::insert(writes, &self.entries);
        timer_history::correct(writes, &self.corrected);
    }
}

/// Numbers the events of the decisions; returns the outcomes and the events to insert.
fn number(
    heads: &mut Heads,
    commands: &[QueuedCommand],
    decisions: Vec<Decision>,
) -> Result<(Vec<Outcome>, Vec<NewEvent>), StoreError> {
    let mut new = Vec::new();
    for (command, decision) in commands.iter().zip(&decisions) {
        if let Decision::Change(body) = decision {
            let user = command.caller.user.clone();
            new.push(TimerEvent {
                message: ServerMessage {
                    from_user: Some(user.clone()),
                    ..ServerMessage::new(body.clone(), command.at)
                },
                user,
            });
        }
    }
    let stored = event_log::number(heads, &mut new)?;
    let mut new = new.into_iter();
    let mut outcomes: Vec<Outcome> = Vec::with_capacity(decisions.len());
    for (command, decision) in commands.iter().zip(decisions) {
        let outcome = match decision {
            Decision::Refuse(error) => Outcome::Refused(ServerMessage::new(Body::Error(error), command.at)),
            Decision::Replay(first) => Outcome::Replayed(first),
            Decision::ReplayOf(place) => match &outcomes[place] {
                Outcome::Changed(first) | Outcome::Refused(first) | Outcome::Replayed(first) => {
                    Outcome::Replayed(first.clone())
                }
            },
            Decision::Change(body) => match new.next() {
                Some(event) => Outcome::Changed(event.message),
                // Every change has an event; otherwise other connections would not receive it.
                None => return Err(StoreError::corrupt("event", format!("{body:?} has none"))),
            },
        };
        outcomes.push(outcome);
    }
    Ok((outcomes, stored))
}
