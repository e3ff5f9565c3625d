//! What can be done with the whole timer: start it again, delete it.

use super::{View, data::TimerEdit, status};
use crate::{
    components::When,
    state::{Commands, PageCommand},
    texts::{CommonTexts, texts},
    writes::Write,
};
use leptos::prelude::*;
use protocol::timers::{NewTimer, TimerCommand};

/// The buttons beside the heading, for the owner.
#[component]
pub fn Actions(view: View) -> impl IntoView {
    let commands = expect_context::<Commands>();
    let (t, common) = (view.t, texts::<CommonTexts>());
    let status = view.part(status);
    let again = move |_| commands.give(PageCommand::Timer(view.shown.with_untracked(again)));
    let delete = move |_| {
        let write = Write::delete(view.api_path()).undoable((t.deleted)(&untrack(|| view.title())));
        view.data.edit(TimerEdit::Delete, write);
    };
    let disabled = Memo::new(move |_| !view.clock.is_hydrated());
    view! {
        <When holds=move || view.is_own>
            <div class="one-actions">
                <When holds=move || !status.get().is_active()>
                    <button class="button" type="button" disabled=move || disabled.get() on:click=again>
                        {t.again}
                    </button>
                </When>
                <button class="button quiet" type="button" disabled=move || disabled.get() on:click=delete>
                    {common.delete}
                </button>
            </div>
        </When>
    }
    .into_any()
}

/// The same timer anew.
fn again(shown: &super::Shown) -> TimerCommand {
    let timer = &shown.timer;
    TimerCommand::Create {
        new: NewTimer {
            allocated_seconds: timer.allocated_seconds,
            title: timer.title.clone(),
            description: timer.description.clone(),
            schedule_id: timer.schedule_id,
            todo_id: timer.todo_id,
        },
        tag_ids: shown.linked.tags.iter().map(|tag| tag.id).collect(),
    }
}
