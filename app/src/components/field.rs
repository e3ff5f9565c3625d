//! Fields of forms that work without scripts.

use crate::{
    page::{NEXT, Next},
    texts::{AuthTexts, texts},
};
use leptos::prelude::*;

/// A labelled input. Its id is its name.
#[component]
pub fn Field(
    /// The visible label.
    label: &'static str,
    /// The form field's name.
    name: &'static str,
    kind: &'static str,
    /// The `autocomplete` token (HTML, autofill field names).
    autocomplete: &'static str,
    /// Whether it may be left empty.
    #[prop(optional)]
    optional: bool,
    /// A sentence below the field.
    #[prop(optional, into)]
    hint: Option<String>,
    /// The initial value.
    #[prop(optional, into)]
    value: String,
) -> impl IntoView {
    let hint_id = hint.is_some().then(|| format!("{name}-hint"));
    view! {
        <div class="field">
            <label for=name>{label}</label>
            {optional.then(|| view! { <span class="field-optional">{texts::<AuthTexts>().optional}</span> })}
            <input
                id=name
                name=name
                type=kind
                autocomplete=autocomplete
                value=Some(value).filter(|value| !value.is_empty())
                required=!optional
                aria-describedby=hint_id.clone()
            />
            {hint
                .map(|hint| {
                    view! {
                        <p class="field-hint" id=hint_id>
                            {hint}
                        </p>
                    }
                })}
        </div>
    }
    .into_any()
}

/// The page that opens after the form.
#[component]
pub fn NextField(next: Next) -> impl IntoView {
    let next = next.field();
    next.map(|next| view! { <input type="hidden" name=NEXT value=next /> })
        .into_any()
}

/// A submit button, which the document's script disables while the form is being sent.
#[component]
pub fn SubmitButton(text: &'static str) -> impl IntoView {
    view! {
        <button class="button primary wide" type="submit">
            {text}
        </button>
    }
    .into_any()
}
