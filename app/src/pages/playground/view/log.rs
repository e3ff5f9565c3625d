//! Every frame, in both directions.

use super::{
    super::{
        device,
        recording::{self, Direction},
        state::{Entry, Playground},
    },
    fields::{button, check, choice, link, text_field},
};
use crate::components::{Rows, rows};
use leptos::prelude::*;

/// Entries that are shown: more make the page slow.
const MAX_SHOWN: usize = 400;
/// Characters of a message that are on its line while it is folded; the style cuts them off at the end of the line.
const PREVIEW_CHARS: usize = 2_000;

/// What is shown of the log.
#[derive(Clone, Copy)]
struct Filter {
    connection: RwSignal<String>,
    direction: RwSignal<String>,
    kind: RwSignal<String>,
    text: RwSignal<String>,
    is_paused: RwSignal<bool>,
    /// The number of the last entry before the pause.
    paused_at: RwSignal<Option<u32>>,
}

impl Filter {
    fn new() -> Self {
        let text = || RwSignal::new(String::new());
        Self {
            connection: text(),
            direction: text(),
            kind: text(),
            text: text(),
            is_paused: RwSignal::new(false),
            paused_at: RwSignal::new(None),
        }
    }

    /// The entries that match, the newest first.
    fn entries(self, page: Playground) -> Vec<Entry> {
        let (connection, direction, kind) = (self.connection.get(), self.direction.get(), self.kind.get());
        let text = self.text.get().to_lowercase();
        let paused_at = self.paused_at.get().unwrap_or(u32::MAX);
        let matches = |entry: &&Entry| {
            entry.number <= paused_at
                && (connection.is_empty() || entry.connection.to_string() == connection)
                && (direction.is_empty() || entry.direction.as_str() == direction)
                && (kind.is_empty() || entry.kind == kind)
                && (text.is_empty() || entry.text.to_lowercase().contains(&text))
        };
        page.log.with(|log| log.iter().rev().filter(matches).cloned().collect())
    }
}

pub fn card(page: Playground) -> AnyView {
    let filter = Filter::new();
    let matching = Memo::new(move |_| filter.entries(page));
    Effect::new(move |_| {
        let paused_at = match filter.is_paused.get() {
            true => Some(
                page.log
                    .with_untracked(|log| log.last().map_or(0, |entry| entry.number)),
            ),
            false => None,
        };
        filter.paused_at.set(paused_at);
    });
    let all = |name: &str| (String::new(), name.to_owned());
    let connections = move || {
        let labels = page.connections.get().into_iter();
        let labels = labels.map(|connection| (connection.number.to_string(), connection.label()));
        [all("all")].into_iter().chain(labels).collect()
    };
    let kinds = move || {
        let mut kinds: Vec<String> = page
            .log
            .with(|log| log.iter().map(|entry| entry.kind.clone()).collect());
        kinds.sort_unstable();
        kinds.dedup();
        [all("all")]
            .into_iter()
            .chain(kinds.into_iter().map(|kind| (kind.clone(), kind)))
            .collect()
    };
    // Its options are built anew only when there is another type.
    let kinds = Memo::new(move |_| kinds());
    let directions = move || {
        let words = [
            Direction::Sent,
            Direction::Received,
            Direction::Opened,
            Direction::Closed,
        ]
        .map(Direction::as_str);
        [all("both")]
            .into_iter()
            .chain(words.map(|word| (word.to_owned(), word.to_owned())))
            .collect()
    };
    let export = move || {
        device::save("playground.jsonl", &recording::write(&page.session(None)));
    };
    let count = move || {
        let (matching, all) = (matching.with(Vec::len), page.log.with(Vec::len));
        let shown = matching.min(MAX_SHOWN);
        format!("{shown} of {all} entries are shown.")
    };
    let entries = rows(
        move || matching.with(|entries| entries.iter().take(MAX_SHOWN).cloned().collect()),
        |entry| entry.number,
        move |entry| row(page, entry),
    );
    view! {
        <section class="pg-card" aria-labelledby="pg-log">
            <h2 id="pg-log">"Log"</h2>
            <div class="pg-grid">
                {choice("pg-log-connection", "Connection", filter.connection, connections)}
                {choice("pg-log-direction", "Direction", filter.direction, directions)}
                {choice("pg-log-type", "Type", filter.kind, move || kinds.get())}
                {text_field("pg-log-text", "Search", filter.text, "in the messages")}
            </div>
            <div class="pg-row">
                {check("Pause", filter.is_paused)}
                {button(
                    "Clear",
                    move || {
                        page.log.set(Vec::new());
                        filter.kind.set(String::new());
                        page.answers.update(|answers| answers.clear());
                    },
                )} {button("Export as JSON lines", export)} <span class="pg-hint">{count}</span>
            </div>
            <ol class="pg-log" aria-label="Frames, the newest first">
                <Rows each=entries />
            </ol>
        </section>
    }
    .into_any()
}

fn row(page: Playground, entry: Entry) -> AnyView {
    let Entry {
        number,
        at,
        connection,
        direction,
        kind,
        text,
        bytes,
        answers,
        ..
    } = entry;
    let arrow = match direction {
        Direction::Sent => "↑",
        Direction::Received => "↓",
        Direction::Opened | Direction::Closed => "·",
    };
    let preview: String = text.chars().take(PREVIEW_CHARS).collect();
    let is_message = matches!(direction, Direction::Sent | Direction::Received);
    let size = if is_message {
        format!("{bytes} B")
    } else {
        String::new()
    };
    let round_trip = move || {
        let answer = page.answers.with(|all| all.get(&number).copied());
        answer.map(|(by, millis)| format!("answered by {by} after {millis:.1} ms"))
    };
    let answered = answers.map(|command| format!("answers {command}"));
    let docs = is_message
        .then(|| {
            page.document
                .with_untracked(|document| document.as_ref()?.summary(&kind))
        })
        .flatten()
        .map(|summary| {
            let href = format!("/docs/websocket#{}", anchor(&kind));
            view! { <p class="pg-hint">{summary} " " <a href=href>"Read on"</a></p> }.into_any()
        });
    // Written when it is unfolded: most entries never are.
    let is_open = RwSignal::new(false);
    let (copied, whole) = (text.clone(), text);
    let pretty = move || is_open.get().then(|| device::pretty(&whole));
    view! {
        <li
            class="pg-entry"
            data-testid="entry"
            data-number=number
            data-direction=direction.as_str()
            data-type=kind.clone()
            data-group=group(&kind, direction)
        >
            <details on:toggle=move |_| is_open.set(true)>
                <summary>
                    <span class="pg-entry-head">
                        <span class="pg-entry-number">{number}</span>
                        <span aria-hidden="true">{arrow}</span>
                        <span class="visually-hidden">{direction.as_str()}</span>
                        <time>{device::time_of_day(at)}</time>
                        <span>{format!("#{connection}")}</span>
                        <strong>{kind.clone()}</strong>
                        <span>{size}</span>
                        <span>{answered}</span>
                        <span data-testid="round-trip">{round_trip}</span>
                    </span>
                    <code class="pg-preview">{preview}</code>
                </summary>
                {docs}
                <pre class="pg-json" tabindex="0">
                    {pretty}
                </pre>
                {link("Copy", move || device::copy(&copied))}
            </details>
        </li>
    }
    .into_any()
}

/// What an entry is coloured by.
fn group(kind: &str, direction: Direction) -> &'static str {
    match (kind, direction) {
        ("close 1000" | "close 1001", _) | (_, Direction::Opened) => "connection",
        ("error", _) | (_, Direction::Closed) => "error",
        (kind, _) if kind == "connected" || kind.starts_with("auth.") => "connection",
        ("timer.sync_result" | "timer.synced" | "timer.sync", _) => "list",
        ("timer.friend_activity" | "data.changed", _) => "other",
        (kind, _) if kind.starts_with("timer.") => "timer",
        ("ping" | "pong", _) => "ping",
        _ => "other",
    }
}

/// Where the description of a message is in the page of the WebSocket API.
pub fn anchor(kind: &str) -> String {
    format!("message-{kind}")
}
