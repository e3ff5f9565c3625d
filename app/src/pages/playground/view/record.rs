//! Records sessions, plays them again, and writes them as programs.

use super::{
    super::{
        actions::{self, Pace},
        api, device,
        recording::{self, Line},
        snippets::{Language, Target, snippet},
        state::Playground,
    },
    fields::{area, button, choice, link},
};
use leptos::prelude::*;

pub fn card(page: Playground) -> AnyView {
    let recording = RwSignal::new(String::new());
    let language = RwSignal::new(Language::Shell.name().to_owned());
    let lines = Memo::new(move |_| recording.with(|text| recording::read(text)));
    let take = move || {
        if let Some(number) = page.sending() {
            recording.set(recording::write(&page.session(Some(number))));
            page.say(format!("The session of #{number} is recorded."));
        }
    };
    // Where it was made, if the recording says so; else the selected connection's socket, or the first one.
    let path = move || {
        let recorded = lines.with(|lines| lines.as_ref().ok().and_then(|lines| recording::socket(lines)));
        let of_selected = || {
            page.connection()
                .map(|connection| recording::without_since(&connection.path))
        };
        let first = || {
            page.document
                .with(|document| document.as_ref()?.channels().into_iter().next())
        };
        recorded
            .or_else(of_selected)
            .or_else(|| first().map(|channel| channel.address))
            .unwrap_or_default()
    };
    let play = move |pace: Pace| {
        let read: Option<Vec<Line>> = page.check(lines.get_untracked());
        if let Some(lines) = read {
            actions::replay(page, untrack(path), lines, pace);
        }
    };
    let program = Memo::new(move |_| {
        let chosen = language.get();
        let language = Language::ALL.into_iter().find(|language| language.name() == chosen)?;
        let lines = lines.get().ok().filter(|lines| !lines.is_empty())?;
        let target = Target {
            origin: api::origin(),
            path: path(),
        };
        Some(snippet(language, &target, &lines))
    });
    let fault = move || {
        lines.get().err().map(|fault| {
            view! {
                <p class="pg-fault" role="alert">
                    {fault}
                </p>
            }
            .into_any()
        })
    };
    let languages = || {
        Language::ALL
            .map(|language| (language.name().to_owned(), language.name().to_owned()))
            .to_vec()
    };
    view! {
        <section class="pg-card" aria-labelledby="pg-record">
            <h2 id="pg-record">"Record and replay"</h2>
            <div class="pg-row">
                {button("Record the session of the selected connection", take)}
                {button("Save it as a file", move || device::save("session.jsonl", &recording.get_untracked()))}
            </div>
            <div class="pg-field">
                <label for="pg-file">"Load a file"</label>
                <input
                    id="pg-file"
                    type="file"
                    accept=".jsonl,application/jsonl,text/plain"
                    on:change:target=move |event| device::read_file(&event.target(), move |text| recording.set(text))
                />
            </div>
            {area("pg-recording", "JSON lines", recording, 5, move || lines.with(Result::is_err))}
            {fault}
            <div class="pg-row">
                {button("Play at its pace", move || play(Pace::Recorded))}
                {button("Play at once", move || play(Pace::AtOnce))}
            </div>
            <p class="pg-hint">
                "It is played for a fresh user. Timers that it creates get other ids, which are put in its messages. Programs leave out binary messages."
            </p>
            {choice("pg-language", "As a program", language, languages)}
            {move || {
                program
                    .get()
                    .map(|program| {
                        let copied = program.clone();
                        view! {
                            <pre class="pg-json" tabindex="0" data-testid="program">
                                {program}
                            </pre>
                            {link("Copy the program", move || device::copy(&copied))}
                        }
                            .into_any()
                    })
            }}
        </section>
    }
    .into_any()
}
