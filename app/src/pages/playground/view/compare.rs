//! Side by side: the timers that each connection believes in, next to what the REST API says.

use super::super::{
    actions,
    belief::Comparison,
    state::{Connection, Phase, Playground, RestAnswer},
};
use crate::components::{Rows, rows};
use leptos::prelude::*;

pub fn card(page: Playground) -> AnyView {
    let connections = rows(
        move || page.connections.get(),
        |connection| connection.number,
        move |connection| column(page, connection),
    );
    view! {
        <section class="pg-card" aria-labelledby="pg-compare">
            <h2 id="pg-compare">"Side by side"</h2>
            <p class="pg-hint">
                "What each connection believes, from its messages alone, and what the REST API says. They must agree; a difference is marked. Mint another token for a friend, or connect twice for a second device."
            </p>
            <div class="pg-side">
                <Rows each=connections />
            </div>
        </section>
    }
    .into_any()
}

fn column(page: Playground, connection: Connection) -> AnyView {
    let Connection {
        number,
        user,
        phase,
        belief,
        rest,
        ..
    } = connection.clone();
    let label = connection.label();
    let state = phase.clone();
    let verdict = Memo::new(move |_| {
        let is_closed = phase.with(|phase| matches!(phase, Phase::Closed { .. }));
        if user.is_none() {
            return Verdict::None("It has no token, so there is nothing to compare.".to_owned());
        }
        if is_closed && belief.with(|belief| belief.epoch.is_none()) {
            return Verdict::None("It was not accepted, so it believes nothing.".to_owned());
        }
        match rest.get() {
            RestAnswer::Awaited => Verdict::Awaited,
            RestAnswer::Refused(refusal) => Verdict::None(format!("The REST API does not say. {refusal}")),
            RestAnswer::Timers(timers, at) => {
                let now = page.now.get().max(at);
                Verdict::Compared {
                    timers: belief.with(|belief| belief.compare(&timers, at, now)),
                    is_closed,
                    is_partial: belief.with(|belief| belief.is_partial),
                }
            }
        }
    });
    let timers = move || {
        let rows = verdict.get().timers().into_iter().map(timer_row);
        rows.collect_view()
    };
    view! {
        <div class="pg-device" data-testid="device" data-number=number data-verdict=move || verdict.with(Verdict::word)>
            <h3>{label} " " <span class="pg-state">{move || state.with(|phase| phase.word())}</span></h3>
            <p class="pg-hint">{move || verdict.with(Verdict::sentence)}</p>
            <table class="pg-timers">
                <thead>
                    <tr>
                        <th scope="col">"Timer"</th>
                        <th scope="col">"Believed"</th>
                        <th scope="col">"REST"</th>
                    </tr>
                </thead>
                <tbody>{timers}</tbody>
            </table>
            <button class="link" type="button" on:click=move |_| actions::ask_rest(connection.clone())>
                "Ask the REST API again"
            </button>
        </div>
    }
    .into_any()
}

/// How a connection and the REST API compare.
#[derive(Clone, Debug, PartialEq)]
enum Verdict {
    Awaited,
    /// Why they cannot be compared.
    None(String),
    Compared {
        timers: Vec<Comparison>,
        is_closed: bool,
        is_partial: bool,
    },
}

impl Verdict {
    fn word(&self) -> &'static str {
        match self {
            Self::Awaited => "asking",
            Self::None(_) => "none",
            // It may miss what happened since.
            Self::Compared { is_closed: true, .. } => "closed",
            Self::Compared { timers, .. } if timers.iter().all(|timer| timer.differences.is_empty()) => "agree",
            Self::Compared { .. } => "differ",
        }
    }

    fn sentence(&self) -> String {
        match self {
            Self::Awaited => "The REST API is being asked.".to_owned(),
            Self::None(why) => why.clone(),
            Self::Compared { is_closed: true, .. } => {
                "It is closed: what it believed last, next to what the REST API said last.".to_owned()
            }
            Self::Compared { is_partial, .. } => {
                let partial = if *is_partial {
                    " It continues from a list that this page does not have: only timers that it was sent are compared."
                } else {
                    ""
                };
                format!("The connection and the REST API {}.{partial}", self.word())
            }
        }
    }

    fn timers(self) -> Vec<Comparison> {
        match self {
            Self::Compared { timers, .. } => timers,
            Self::Awaited | Self::None(_) => Vec::new(),
        }
    }
}

fn timer_row(timer: Comparison) -> AnyView {
    let differs = !timer.differences.is_empty();
    let unknown = || "unknown".to_owned();
    let differences = differs.then(|| view! { <p class="pg-fault">{timer.differences.join("; ")}</p> }.into_any());
    view! {
        <tr data-testid="believed" data-differs=differs.to_string()>
            <td>{timer.title} {differences}</td>
            <td>{timer.here.unwrap_or_else(unknown)}</td>
            <td>{timer.rest.unwrap_or_else(unknown)}</td>
        </tr>
    }
    .into_any()
}
