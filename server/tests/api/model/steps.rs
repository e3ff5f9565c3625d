//! The random inputs, as proptest generates and shrinks them.

use super::client_format::{ClientFormat, ZONES};
use proptest::{prelude::*, sample::Index};
use protocol::timers::Action;
use serde_json::{Value, json};

/// The formats of the devices, and what they send.
#[derive(Clone, Debug)]
pub struct Scenario {
    pub formats: Vec<ClientFormat>,
    pub steps: Vec<Step>,
}

/// One request of one device.
#[derive(Clone, Debug)]
pub struct Step {
    pub device: usize,
    /// One of a few ids, so that ids are reused, with the same request or another.
    pub id: Option<u8>,
    pub repeat: Option<Repeat>,
    pub camel_names: bool,
    /// How long ago a command happened, in milliseconds, as the device's clock says; `None`: when it is received.
    pub late: Option<i64>,
    /// The instant that it is sent with.
    pub occurred_at: Option<i64>,
    /// The timer: any of both users, or an unknown one.
    pub target: Index,
    pub request: Request,
}

/// The same request is sent again before the first is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    SameDevice,
    /// The user's other device, if there is one.
    OtherDevice,
}

#[derive(Clone, Debug)]
pub enum Request {
    Create { seconds: i64, title: Option<String> },
    Act(Action),
    Sync,
    Invalid(InvalidMessage),
}

/// Kinds of invalid messages.
#[derive(Clone, Copy, Debug)]
pub enum InvalidMessage {
    NotJson,
    List,
    NoPayload,
    BadUuid,
    TextForNumber,
    Fraction,
    UnknownType,
}

impl Request {
    /// Whether it is idempotent under its id.
    pub fn is_command(&self) -> bool {
        matches!(self, Self::Create { .. } | Self::Act(_))
    }

    /// Whether the server can parse its id.
    pub fn has_readable_id(&self) -> bool {
        !matches!(self, Self::Invalid(InvalidMessage::NotJson | InvalidMessage::List))
    }

    /// The JSON as a client writes it; built without `protocol`.
    pub fn text(&self, id: Option<&str>, timer: &str, camel_names: bool, occurred_at: Option<i64>) -> String {
        let key = |snake: &'static str, camel: &'static str| if camel_names { camel } else { snake };
        let (duration, timer_id) = (
            key("allocated_duration", "allocatedDuration"),
            key("timer_id", "timerId"),
        );
        let (kind, payload) = match self {
            Self::Create { seconds, title } => ("timer.create", json!({ duration: seconds, "title": title })),
            Self::Act(action) => (kind(*action), json!({ timer_id: timer })),
            Self::Sync => ("timer.sync", json!({ timer_id: timer })),
            Self::Invalid(invalid) => match invalid {
                InvalidMessage::NotJson => return "{\"type\":\"ping\"".to_owned(),
                InvalidMessage::List => return "[{\"type\":\"ping\"}]".to_owned(),
                InvalidMessage::NoPayload => ("timer.pause", json!(7)),
                InvalidMessage::BadUuid => ("timer.stop", json!({ timer_id: format!("{timer}0") })),
                InvalidMessage::TextForNumber => ("timer.create", json!({ duration: "60" })),
                InvalidMessage::Fraction => ("timer.create", json!({ duration: 59.5 })),
                InvalidMessage::UnknownType => ("timer.explode", json!({ timer_id: timer })),
            },
        };
        let mut message = json!({ "type": kind, "payload": payload });
        if let (true, Some(millis)) = (self.is_command(), occurred_at) {
            message["payload"][key("occurred_at", "occurredAt")] = millis.into();
        }
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

/// 20 to 30 steps, mostly valid ones.
pub fn scenarios() -> impl Strategy<Value = Scenario> {
    let format =
        (any::<bool>(), prop::sample::select(ZONES.to_vec())).prop_map(|(camel, zone)| ClientFormat { camel, zone });
    let formats = prop::collection::vec(format, 3);
    (formats, prop::collection::vec(step(), 20..=30)).prop_map(|(formats, steps)| Scenario { formats, steps })
}

fn step() -> impl Strategy<Value = Step> {
    let repeat =
        prop_oneof![2 => Just(None), 1 => Just(Some(Repeat::SameDevice)), 2 => Just(Some(Repeat::OtherDevice))];
    (
        0..3usize,
        prop::option::of(0..12u8),
        repeat,
        any::<bool>(),
        late(),
        any::<Index>(),
        request(),
    )
        .prop_map(|(device, id, repeat, camel_names, late, target, request)| Step {
            device,
            id,
            repeat,
            camel_names,
            late,
            occurred_at: None,
            target,
            request,
        })
}

/// Offline for a while, a clock that is off, and beyond what is accepted.
fn late() -> impl Strategy<Value = Option<i64>> {
    const DAY: i64 = 24 * 3_600_000;
    prop_oneof![
        6 => Just(None),
        2 => (-2_500..5_000i64).prop_map(Some),
        3 => (0..3 * 3_600_000i64).prop_map(Some),
        1 => (DAY - 100..DAY + 100).prop_map(Some),
    ]
}

fn request() -> impl Strategy<Value = Request> {
    let seconds = prop_oneof![8 => 1..100_000i64, 1 => -1..=0i64, 1 => 315_360_000..=315_360_001i64];
    let title = prop_oneof![
        6 => prop::option::of("[a-zé ]{0,12}"),
        1 => Just(Some("🌍\u{0}\"\\".to_owned())),
        1 => (500..=501usize).prop_map(|chars| Some("é".repeat(chars))),
    ];
    let actions = prop_oneof![
        3 => Just(Action::Pause), 3 => Just(Action::Resume), 1 => Just(Action::Stop), 1 => Just(Action::Cancel),
    ];
    let invalid = prop::sample::select(vec![
        InvalidMessage::NotJson,
        InvalidMessage::List,
        InvalidMessage::NoPayload,
        InvalidMessage::BadUuid,
        InvalidMessage::TextForNumber,
        InvalidMessage::Fraction,
        InvalidMessage::UnknownType,
    ]);
    prop_oneof![
        5 => (seconds, title).prop_map(|(seconds, title)| Request::Create { seconds, title }),
        12 => actions.prop_map(Request::Act),
        1 => Just(Request::Sync),
        2 => invalid.prop_map(Request::Invalid),
    ]
}
