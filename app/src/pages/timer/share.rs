//! Chooses who may see the timer.

use super::{
    View,
    data::{Person, Sharing, TimerEdit},
};
use crate::{
    components::When,
    texts::{CommonTexts, texts},
    writes::Write,
};
use leptos::{ev::SubmitEvent, prelude::*};
use protocol::sharing::Level;
use serde::Serialize;

/// The body of `PUT /v1/visibility/timer/{id}`.
#[derive(Serialize)]
struct NewVisibility {
    level: Level,
    allowed_user_ids: Vec<String>,
    allowed_emails: Vec<String>,
    allowed_domains: Vec<String>,
}

/// What is typed and chosen, until it is saved.
#[derive(Clone, PartialEq)]
struct Draft {
    level: Level,
    users: Vec<String>,
    emails: String,
    domains: String,
}

impl From<&Sharing> for Draft {
    fn from(sharing: &Sharing) -> Self {
        Self {
            level: sharing.level,
            users: sharing.users.clone(),
            emails: sharing.emails.join(", "),
            domains: sharing.domains.join(", "),
        }
    }
}

impl Draft {
    /// What is to be saved, or the first entry that is not an address or a domain.
    fn sharing(&self) -> Result<Sharing, String> {
        let mut sharing = Sharing {
            level: self.level,
            ..Sharing::default()
        };
        match self.level {
            Level::Selected => sharing.users.clone_from(&self.users),
            Level::AllowedEmails => {
                sharing.emails = entries(&self.emails);
                let domains = entries(&self.domains).into_iter();
                sharing.domains = domains
                    .map(|domain| domain.trim_start_matches('@').to_owned())
                    .collect();
            }
            Level::Private | Level::Friends | Level::Public => {}
        }
        let is_address = |text: &&String| {
            text.split_once('@')
                .is_some_and(|(a, b)| !a.is_empty() && !b.is_empty())
        };
        let wrong = sharing.emails.iter().find(|text| !is_address(text));
        let wrong = wrong.or(sharing
            .domains
            .iter()
            .find(|text| text.is_empty() || text.contains('@')));
        match wrong {
            Some(wrong) => Err(wrong.clone()),
            None => Ok(sharing),
        }
    }
}

/// Entries that are separated by commas, semicolons or spaces.
fn entries(text: &str) -> Vec<String> {
    let entries = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';'));
    entries.filter(|entry| !entry.is_empty()).map(str::to_owned).collect()
}

/// The levels with what each one opens.
#[component]
pub fn ShareForm(view: View) -> impl IntoView {
    let (t, common) = (view.t, texts::<CommonTexts>());
    let draft = RwSignal::new(None::<Draft>);
    let problem = RwSignal::new(None::<String>);
    let current = Memo::new(move |_| {
        let kept = draft.get();
        kept.unwrap_or_else(|| view.data.with(|data| Draft::from(&data.sharing)))
    });
    let is_changed = Memo::new(move |_| {
        let saved = view.data.with(|data| Draft::from(&data.sharing));
        draft.with(|draft| draft.as_ref().is_some_and(|draft| *draft != saved))
    });
    let change = move |change: &dyn Fn(&mut Draft)| {
        let mut next = current.get_untracked();
        change(&mut next);
        draft.set(Some(next));
        problem.set(None);
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        match current.with_untracked(Draft::sharing) {
            Err(wrong) => problem.set(Some((t.share_problem)(&wrong))),
            Ok(sharing) => {
                draft.set(None);
                save(view, sharing);
            }
        }
    };
    let disabled = Memo::new(move |_| !view.clock.is_hydrated());
    let level = move |(level, name, hint): (Level, &'static str, &'static str)| {
        let hint_id = format!("level-{}", level.as_str());
        let name_id = format!("{hint_id}-name");
        view! {
            <label class="level">
                <input
                    type="radio"
                    name="level"
                    value=level.as_str()
                    disabled=move || disabled.get()
                    aria-labelledby=name_id.clone()
                    aria-describedby=hint_id.clone()
                    prop:checked=move || current.with(|draft| draft.level == level)
                    checked=current.with_untracked(|draft| draft.level == level)
                    on:change=move |_| change(&|draft| draft.level = level)
                />
                <span class="level-name" id=name_id>
                    {name}
                </span>
                <span class="level-hint" id=hint_id>
                    {hint}
                </span>
            </label>
        }
        .into_any()
    };
    let friends = Memo::new(move |_| view.data.with(|data| data.friends.clone()));
    let friend = move |person: Person| {
        let (id, chosen) = (person.id.clone(), person.id.clone());
        let toggle = move |_| {
            change(&|draft| match draft.users.iter().position(|known| *known == id) {
                Some(index) => drop(draft.users.remove(index)),
                None => draft.users.push(id.clone()),
            });
        };
        view! {
            <button
                class="chip"
                type="button"
                aria-pressed=move || current.with(|draft| draft.users.contains(&chosen)).to_string()
                on:click=toggle
            >
                {person.name}
            </button>
        }
        .into_any()
    };
    let of_friends = move || match friends.with(Vec::is_empty) {
        true => view! { <p class="hint">{t.no_friends}</p> }.into_any(),
        false => view! {
            <div class="share-friends" role="group" aria-label=t.share_friends>
                {friends.get().into_iter().map(friend).collect_view()}
            </div>
        }
        .into_any(),
    };
    view! {
        <section class="panel" aria-labelledby="share-heading">
            <h2 id="share-heading">{t.share}</h2>
            <form class="share" on:submit=submit>
                <div class="levels" role="radiogroup" aria-labelledby="share-heading">
                    {[
                        (Level::Private, t.level_private, t.level_private_hint),
                        (Level::Friends, t.level_friends, t.level_friends_hint),
                        (Level::Selected, t.level_selected, t.level_selected_hint),
                        (Level::AllowedEmails, t.level_emails, t.level_emails_hint),
                        (Level::Public, t.level_public, t.level_public_hint),
                    ]
                        .map(level)
                        .collect_view()}
                </div>
                <When holds=move || {
                    current.with(|draft| draft.level == Level::Selected)
                }>{move || of_friends()}</When>
                <When holds=move || current.with(|draft| draft.level == Level::AllowedEmails)>
                    <div class="share-lists">
                        <label for="share-emails">{t.share_emails}</label>
                        <input
                            id="share-emails"
                            type="text"
                            inputmode="email"
                            autocomplete="off"
                            placeholder="ada@example.com"
                            value=current.with_untracked(|draft| draft.emails.clone())
                            prop:value=move || current.with(|draft| draft.emails.clone())
                            on:input:target=move |event| {
                                let typed = event.target().value();
                                change(&|draft| draft.emails.clone_from(&typed));
                            }
                        />
                        <label for="share-domains">{t.share_domains}</label>
                        <input
                            id="share-domains"
                            type="text"
                            autocomplete="off"
                            placeholder="example.com"
                            value=current.with_untracked(|draft| draft.domains.clone())
                            prop:value=move || current.with(|draft| draft.domains.clone())
                            on:input:target=move |event| {
                                let typed = event.target().value();
                                change(&|draft| draft.domains.clone_from(&typed));
                            }
                        />
                        <p class="hint">{t.share_lists_hint}</p>
                    </div>
                </When>
                <When holds=move || problem.with(Option::is_some)>
                    <p class="banner danger" role="alert">
                        {move || problem.get()}
                    </p>
                </When>
                <button class="button primary" type="submit" disabled=move || disabled.get() || !is_changed.get()>
                    {common.save}
                </button>
            </form>
        </section>
    }
    .into_any()
}

fn save(view: View, sharing: Sharing) {
    let body = NewVisibility {
        level: sharing.level,
        allowed_user_ids: sharing.users.clone(),
        allowed_emails: sharing.emails.clone(),
        allowed_domains: sharing.domains.clone(),
    };
    let id = view.data.with_untracked(|data| data.timer.id);
    let write = Write::put(format!("/v1/visibility/timer/{id}"), &body);
    view.data.edit(TimerEdit::Share(sharing), write);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(level: Level, emails: &str, domains: &str) -> Draft {
        Draft {
            level,
            users: vec!["ben".into()],
            emails: emails.into(),
            domains: domains.into(),
        }
    }

    #[test]
    fn lists_are_separated_and_belong_to_their_level() {
        let sharing = draft(Level::AllowedEmails, "a@x.org, b@x.org;c@x.org\n", "@example.com")
            .sharing()
            .unwrap();
        assert_eq!(sharing.emails, ["a@x.org", "b@x.org", "c@x.org"]);
        assert_eq!(sharing.domains, ["example.com"]);
        assert!(sharing.users.is_empty());
        let selected = draft(Level::Selected, "a@x.org", "").sharing().unwrap();
        assert_eq!((selected.users, selected.emails), (vec!["ben".into()], Vec::new()));
    }

    #[test]
    fn what_is_no_address_or_domain_is_named() {
        for (emails, domains, wrong) in [
            ("a@x.org b", "", "b"),
            ("@x.org", "", "@x.org"),
            ("", "a@x.org", "a@x.org"),
        ] {
            let draft = draft(Level::AllowedEmails, emails, domains);
            assert_eq!(draft.sharing(), Err(wrong.to_owned()));
        }
    }
}
