//! Sends messages: a form of each, and the message itself as text, which may be anything.

mod inputs;

use super::{
    super::{
        actions, device,
        document::{Command, Kind},
        fault, message,
        recording::command_id,
        state::Playground,
    },
    fields::{area, button, check, number_field, primary},
};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// The text field with the message.
const RAW: &str = "pg-raw";
/// The list of the connection's timers, for fields that take one.
const TIMERS: &str = "pg-timers";

#[derive(Clone, Copy)]
struct Form {
    kind: RwSignal<String>,
    values: RwSignal<BTreeMap<String, String>>,
    id: RwSignal<String>,
    renews_id: RwSignal<bool>,
    raw: RwSignal<String>,
    /// The text as the form wrote it: what differs from it was edited.
    written: RwSignal<String>,
    times: RwSignal<u32>,
    /// The text that was sent last.
    last: RwSignal<String>,
}

pub fn card(page: Playground) -> AnyView {
    let form = Form {
        kind: RwSignal::new(String::new()),
        values: RwSignal::new(BTreeMap::new()),
        id: RwSignal::new(device::short_id()),
        renews_id: RwSignal::new(true),
        raw: RwSignal::new(String::new()),
        written: RwSignal::new(String::new()),
        times: RwSignal::new(10),
        last: RwSignal::new(String::new()),
    };
    let commands = Memo::new(move |_| commands(page));
    let command = Memo::new(move |_| {
        let kind = form.kind.get();
        commands.with(|commands| {
            let first = || {
                commands
                    .iter()
                    .find(|command| command.name == "timer.create")
                    .or(commands.first())
            };
            commands
                .iter()
                .find(|command| command.name == kind)
                .or_else(first)
                .cloned()
        })
    });
    // Another type begins with the document's example.
    Effect::new(move |_| {
        if let Some(command) = command.get() {
            form.renew_id();
            form.values.set(example(page, &command));
            form.write(&command);
        }
    });
    let fault = Memo::new(move |_| {
        page.document.with(|document| {
            document
                .as_ref()
                .and_then(|document| form.raw.with(|raw| fault::fault(raw, document)))
        })
    });
    let options = move || {
        let chosen = command.get().map(|command| command.name);
        let options = commands.get().into_iter().map(move |command| {
            let is_chosen = chosen.as_ref() == Some(&command.name);
            view! {
                <option value=command.name.clone() selected=is_chosen>
                    {command.name.clone()}
                </option>
            }
            .into_any()
        });
        options.collect_view()
    };
    let point = move |_| {
        if let Some(fault) = fault.get_untracked() {
            device::select_in(RAW, form.raw.with_untracked(|raw| fault::offset(raw, &fault)));
        }
    };
    let fault_view = move || {
        fault.get().map(|fault| {
            view! {
                <p class="pg-fault" role="alert">
                    {format!("Line {}, column {}: {}. ", fault.line, fault.column, fault.message)}
                    <button class="link" type="button" on:click=point>
                        "Show it"
                    </button>
                </p>
            }
            .into_any()
        })
    };
    view! {
        <section class="pg-card" aria-labelledby="pg-send">
            <h2 id="pg-send">"Send"</h2>
            <p class="pg-hint">
                {move || {
                    page.connection()
                        .map_or("Connect first.".to_owned(), |connection| format!("On {}", connection.label()))
                }}
            </p>
            <div class="pg-field">
                <label for="pg-type">"Message"</label>
                <select id="pg-type" on:change:target=move |event| form.kind.set(event.target().value())>
                    {options}
                </select>
            </div>
            {move || command.get().map(|command| inputs::fields(page, form, command))}
            <div class="pg-row">
                <div class="pg-field">
                    <label for="pg-id">"id, for idempotence"</label>
                    <input
                        id="pg-id"
                        type="text"
                        autocomplete="off"
                        spellcheck="false"
                        placeholder="none"
                        prop:value=move || form.id.get()
                        on:input:target=move |event| form.set_id(event.target().value(), command.get_untracked())
                    />
                </div>
                {check("A new id each time", form.renews_id)}
                {button(
                    "Write it from the form",
                    move || {
                        if let Some(command) = command.get_untracked() {
                            form.write(&command);
                        }
                    },
                )}
            </div>
            {area(RAW, "The message as it is sent", form.raw, 8, move || fault.with(Option::is_some))}
            {fault_view}
            <div class="pg-row">
                {primary("Send", move || form.send(page))}
                {button("Send the last one again", move || form.send_again(page))}
                {number_field("pg-send-times", "Times", form.times)}
                {button("Send it so many times", move || (0..form.times.get_untracked()).for_each(|_| form.send(page)))}
            </div>
        </section>
    }
    .into_any()
}

/// The messages of the selected connection's socket; those of the first socket without one.
fn commands(page: Playground) -> Vec<Command> {
    let path = page.connection().map(|connection| connection.path).unwrap_or_default();
    page.document
        .with(|document| {
            let document = document.as_ref()?;
            let channels = document.channels();
            let channel = channels
                .iter()
                .find(|channel| path.split('?').next() == Some(channel.address.as_str()));
            Some(document.commands(&channel.or(channels.first())?.name))
        })
        .unwrap_or_default()
}

/// The values of the document's example, with times of now.
fn example(page: Playground, command: &Command) -> BTreeMap<String, String> {
    let values = command.example.iter().filter(|(name, _)| *name != "timer_id");
    let is_moment = |name: &str| {
        let mut fields = command.fields.iter();
        fields.any(|field| field.name == name && field.kind == Kind::Moment)
    };
    let now = || device::rfc3339(page.client_clock(device::millis()));
    let text = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let values = values.map(|(name, value)| {
        let value = if is_moment(name) { now() } else { text(value) };
        (name.clone(), value)
    });
    values.collect()
}

impl Form {
    fn write(self, command: &Command) {
        let raw = self
            .values
            .with_untracked(|values| message::write(command, values, &self.id.get_untracked()));
        self.written.set(raw.clone());
        self.raw.set(raw);
    }

    /// Writes the form into the text, unless that was edited by hand, which is not to be lost.
    fn write_unless_edited(self, page: Playground, command: &Command) {
        if self.is_edited() {
            page.say("The message was edited by hand and stays as it is. \"Write it from the form\" replaces it.");
        } else {
            self.write(command);
        }
    }

    fn is_edited(self) -> bool {
        self.raw.get_untracked() != self.written.get_untracked()
    }

    /// Takes a new id, if the next message is to have another one.
    fn renew_id(self) {
        if self.renews_id.get_untracked() && !self.id.with_untracked(String::is_empty) {
            self.set_id(device::short_id(), None);
        }
    }

    /// Changes the id, also in the text, where everything else stays as it was edited.
    fn set_id(self, next: String, command: Option<Command>) {
        let former = self.raw.with_untracked(|raw| command_id(raw));
        let former = former.unwrap_or_else(|| self.id.get_untracked());
        let is_edited = self.is_edited();
        let (quoted, replacement) = (format!("\"{former}\""), format!("\"{next}\""));
        let is_there = !former.is_empty() && self.raw.with_untracked(|raw| raw.contains(&quoted));
        let is_kept = is_there && !next.is_empty();
        self.id.set(next);
        match command {
            _ if is_kept => {
                self.raw.update(|raw| *raw = raw.replacen(&quoted, &replacement, 1));
                if !is_edited {
                    self.written.set(self.raw.get_untracked());
                }
            }
            Some(command) => self.write(&command),
            None => {}
        }
    }

    fn send(self, page: Playground) {
        let raw = self.raw.get_untracked();
        let Some(number) = page.sending() else {
            return;
        };
        if actions::send(page, number, &raw) {
            self.last.set(raw.clone());
            self.renew_id();
        }
    }

    fn send_again(self, page: Playground) {
        let last = self.last.get_untracked();
        match page.sending() {
            Some(number) if !last.is_empty() => {
                actions::send(page, number, &last);
            }
            Some(_) => page.say("Nothing was sent yet."),
            None => {}
        }
    }
}
