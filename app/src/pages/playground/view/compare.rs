//! Side by side: the timers that each connection believes in, next to what the REST API says.

use super::super::{
    actions,
    belief::Comparison,
    state::{Connection, Playground},
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
        phase,
        belief,
        rest,
        ..
    } = connection.clone();
    let label = connection.label();
    let compared = Memo::new(move |_| {
        let now = page.now.get();
        let (rest, at) = rest.get()?;
        Some(belief.with(|belief| belief.compare(&rest, at, now.max(at))))
    });
    let verdict = move || match compared.get() {
        None => "asking",
        Some(compared) if compared.iter().all(|timer| timer.differences.is_empty()) => "agree",
        Some(_) => "differ",
    };
    let sentence = move || match verdict() {
        "agree" => "The connection and the REST API agree.",
        "differ" => "The connection and the REST API differ.",
        _ => "The REST API is being asked.",
    };
    let timers = move || {
        compared
            .get()
            .unwrap_or_default()
            .into_iter()
            .map(timer_row)
            .collect_view()
    };
    view! {
        <div class="pg-device" data-testid="device" data-number=number data-verdict=verdict>
            <h3>{label} <span class="pg-state">{move || phase.with(|phase| phase.word())}</span></h3>
            <p class="pg-hint">{sentence}</p>
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
            <button class="link" type="button" on:click=move |_| actions::ask_rest(page, connection.clone())>
                "Ask the REST API again"
            </button>
        </div>
    }
    .into_any()
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
