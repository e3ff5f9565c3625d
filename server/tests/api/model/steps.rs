//! What may happen, as proptest chooses and shrinks it.

use super::voice::{Voice, ZONES};
use proptest::{prelude::*, sample::Index};
use protocol::timers::Action;
use serde_json::{Value, json};

/// How the devices listen, and what they send.
#[derive(Clone, Debug)]
pub struct Story {
    pub voices: Vec<Voice>,
    pub steps: Vec<Step>,
}

/// One message of one device.
#[derive(Clone, Debug)]
pub struct Step {
    pub device: usize,
    /// Of few, so that ids are met again, with the same content or another.
    pub id: Option<u8>,
    pub echo: Option<Echo>,
    pub camel_names: bool,
    /// Which timer it is about, of both users' or unknown to all.
    pub which: Index,
    pub say: Say,
}

/// The same message is sent again, before the first is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Echo {
    /// From the same device.
    Here,
    /// From the user's other device, where there is one.
    There,
}

#[derive(Clone, Debug)]
pub enum Say {
    Create { seconds: i64, title: Option<String> },
    Act(Action),
    Look,
    Nonsense(Nonsense),
}

/// What no client should send.
#[derive(Clone, Copy, Debug)]
pub enum Nonsense {
    NotJson,
    List,
    NoPayload,
    BadUuid,
    TextForNumber,
    Fraction,
    UnknownType,
}

impl Say {
    /// Whether an id of it is kept.
    pub fn is_command(&self) -> bool {
        matches!(self, Self::Create { .. } | Self::Act(_))
    }

    /// Whether its id can be read.
    pub fn names_its_id(&self) -> bool {
        !matches!(self, Self::Nonsense(Nonsense::NotJson | Nonsense::List))
    }

    /// The message as a client writes it, without any of our own code.
    pub fn text(&self, id: Option<&str>, timer: &str, camel_names: bool) -> String {
        let key = |snake: &'static str, camel: &'static str| if camel_names { camel } else { snake };
        let (duration, timer_id) = (
            key("allocated_duration", "allocatedDuration"),
            key("timer_id", "timerId"),
        );
        let (kind, payload) = match self {
            Self::Create { seconds, title } => ("timer.create", json!({ duration: seconds, "title": title })),
            Self::Act(action) => (kind(*action), json!({ timer_id: timer })),
            Self::Look => ("timer.sync", json!({ timer_id: timer })),
            Self::Nonsense(nonsense) => match nonsense {
                Nonsense::NotJson => return "{\"type\":\"ping\"".to_owned(),
                Nonsense::List => return "[{\"type\":\"ping\"}]".to_owned(),
                Nonsense::NoPayload => ("timer.pause", json!(7)),
                Nonsense::BadUuid => ("timer.stop", json!({ timer_id: format!("{timer}0") })),
                Nonsense::TextForNumber => ("timer.create", json!({ duration: "60" })),
                Nonsense::Fraction => ("timer.create", json!({ duration: 59.5 })),
                Nonsense::UnknownType => ("timer.explode", json!({ timer_id: timer })),
            },
        };
        let mut message = json!({ "type": kind, "payload": payload });
        if let Some(id) = id {
            message["id"] = Value::from(id);
        }
        message.to_string()
    }
}

fn kind(action: Action) -> &'static str {
    match action {
        Action::Pause => "timer.pause",
        Action::Resume => "timer.resume",
        Action::Stop => "timer.stop",
        Action::Cancel => "timer.cancel",
    }
}

/// Up to thirty steps, mostly sensible ones.
pub fn stories() -> impl Strategy<Value = Story> {
    let voice = (any::<bool>(), prop::sample::select(ZONES.to_vec())).prop_map(|(camel, zone)| Voice { camel, zone });
    let voices = prop::collection::vec(voice, 3);
    (voices, prop::collection::vec(step(), 20..=30)).prop_map(|(voices, steps)| Story { voices, steps })
}

fn step() -> impl Strategy<Value = Step> {
    let echo = prop_oneof![2 => Just(None), 1 => Just(Some(Echo::Here)), 2 => Just(Some(Echo::There))];
    (
        0..3usize,
        prop::option::of(0..12u8),
        echo,
        any::<bool>(),
        any::<Index>(),
        say(),
    )
        .prop_map(|(device, id, echo, camel_names, which, say)| Step {
            device,
            id,
            echo,
            camel_names,
            which,
            say,
        })
}

fn say() -> impl Strategy<Value = Say> {
    let seconds = prop_oneof![8 => 1..100_000i64, 1 => -1..=0i64, 1 => 315_360_000..=315_360_001i64];
    let title = prop_oneof![
        6 => prop::option::of("[a-zé ]{0,12}"),
        1 => Just(Some("🌍\u{0}\"\\".to_owned())),
        1 => (500..=501usize).prop_map(|chars| Some("é".repeat(chars))),
    ];
    let actions = prop_oneof![
        3 => Just(Action::Pause), 3 => Just(Action::Resume), 1 => Just(Action::Stop), 1 => Just(Action::Cancel),
    ];
    let nonsense = prop::sample::select(vec![
        Nonsense::NotJson,
        Nonsense::List,
        Nonsense::NoPayload,
        Nonsense::BadUuid,
        Nonsense::TextForNumber,
        Nonsense::Fraction,
        Nonsense::UnknownType,
    ]);
    prop_oneof![
        5 => (seconds, title).prop_map(|(seconds, title)| Say::Create { seconds, title }),
        12 => actions.prop_map(Say::Act),
        1 => Just(Say::Look),
        2 => nonsense.prop_map(Say::Nonsense),
    ]
}
