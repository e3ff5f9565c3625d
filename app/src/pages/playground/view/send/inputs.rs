//! The fields of a message, by their schemas.

use super::{
    super::{
        super::{
            api, device,
            document::{Command, Field, Kind},
            state::Playground,
        },
        log,
    },
    Form, TIMERS,
};
use leptos::{prelude::*, task::spawn_local};

/// The fields of a message.
pub fn fields(page: Playground, form: Form, command: Command) -> AnyView {
    let docs = format!("/docs/websocket#{}", log::anchor(&command.name));
    // Only the end of a completed timer is corrected.
    let wanted = (command.name == "timer.correct").then_some("COMPLETED");
    let timers = move || {
        let belief = page.connection()?.belief;
        let options = belief
            .get()
            .timers(wanted)
            .into_iter()
            .map(|(id, title)| view! { <option value=id>{title}</option> }.into_any());
        Some(options.collect_view())
    };
    let all = command
        .fields
        .iter()
        .map(|field| field_view(page, form, &command, field))
        .collect_view();
    view! {
        <p class="pg-hint">{command.summary.clone()} " " <a href=docs>"Read on"</a></p>
        <datalist id=TIMERS>{timers}</datalist>
        <div class="pg-grid">{all}</div>
    }
    .into_any()
}

fn field_view(page: Playground, form: Form, command: &Command, field: &Field) -> AnyView {
    let id = format!("pg-field-{}", field.name);
    let (name, of_value) = (field.name.clone(), field.name.clone());
    let command = command.clone();
    let set = move |value: String| {
        form.values.update(|values| drop(values.insert(name.clone(), value)));
        form.write_unless_edited(page, &command);
    };
    let value = move || {
        form.values
            .with(|values| values.get(&of_value).cloned().unwrap_or_default())
    };
    let label = format!("{}{}", field.name, if field.required { " (required)" } else { "" });
    let hint = format!("pg-hint-{}", field.name);
    let input = match &field.kind {
        Kind::Choice(choices) => select(&id, choices.clone(), value, set),
        Kind::Flag => select(&id, vec!["true".to_owned(), "false".to_owned()], value, set),
        kind => {
            let (kind, placeholder) = match kind {
                Kind::Integer(..) => ("number", String::new()),
                Kind::Text(format, _) => ("text", format.clone().unwrap_or_default()),
                Kind::List(_) => ("text", "several, with commas between".to_owned()),
                Kind::Moment => ("text", "RFC 3339, or milliseconds".to_owned()),
                Kind::Json | Kind::Choice(_) | Kind::Flag => ("text", "JSON".to_owned()),
            };
            let (min, max) = match field.kind {
                Kind::Integer(min, max) => (min, max),
                _ => (None, None),
            };
            let list = (field.name == "timer_id").then_some(TIMERS);
            view! {
                <input
                    id=id.clone()
                    type=kind
                    min=min
                    max=max
                    list=list
                    autocomplete="off"
                    spellcheck="false"
                    placeholder=placeholder
                    aria-describedby=hint.clone()
                    prop:value=value
                    on:input:target={
                        let set = set.clone();
                        move |event| set(event.target().value())
                    }
                />
                {(field.kind == Kind::Moment)
                    .then(|| {
                        let set = set.clone();
                        let now = move |_| set(device::rfc3339(page.client_clock(device::millis())));
                        view! {
                            <button class="link" type="button" on:click=now>
                                "Now, by this client's clock"
                            </button>
                        }
                            .into_any()
                    })}
                {(field.name == "token").then(|| fresh_token(page, set))}
            }
            .into_any()
        }
    };
    view! {
        <div class="pg-field">
            <label for=id>{label}</label>
            {input}
            <p class="pg-hint" id=hint>
                {field.about.clone()}
            </p>
        </div>
    }
    .into_any()
}

/// A button that puts a new token of the connection's test user into a field.
fn fresh_token(page: Playground, set: impl Fn(String) + Clone + 'static) -> AnyView {
    let mint = move |_| {
        let user = page
            .sending()
            .and_then(|number| page.find(number))
            .and_then(|connection| connection.user);
        let set = set.clone();
        if let Some(user) = user {
            spawn_local(async move {
                if let Some(token) = page.check(api::mint(user.name(), None).await) {
                    set(token);
                }
            });
        }
    };
    view! {
        <button class="link" type="button" on:click=mint>
            "A new token of this test user"
        </button>
    }
    .into_any()
}

fn select(
    id: &str,
    choices: Vec<String>,
    value: impl Fn() -> String + Send + 'static,
    set: impl Fn(String) + 'static,
) -> AnyView {
    let choices = [String::new()].into_iter().chain(choices);
    let options = choices
        .map(|choice| view! { <option value=choice.clone()>{choice.clone()}</option> }.into_any())
        .collect_view();
    view! {
        <select id=id.to_owned() prop:value=value on:change:target=move |event| set(event.target().value())>
            {options}
        </select>
    }
    .into_any()
}
