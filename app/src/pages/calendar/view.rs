//! The view of the page.

mod bar;
mod entry;
mod fields;
mod form;
mod hours;
mod month;
mod panel;
mod repeat;

use super::{actions::Calendar, data::CalendarData, edit::CalendarEdit, input, query::Shown};
use crate::{
    components::When,
    page::PageData,
    texts::{CommonTexts, LayoutTexts},
};
use bar::Bar;
use form::EntryForm;
use hours::Hours;
use leptos::prelude::*;
use month::Month;
use panel::EntryPanel;

/// The whole page.
#[component]
pub fn CalendarView(data: PageData<CalendarData, CalendarEdit>) -> impl IntoView {
    let calendar = Calendar::new(data);
    input::start(calendar);
    let t = calendar.t;
    let is_month = data.with_untracked(|data| data.query.shown == Shown::Month);
    let is_empty = Memo::new(move |_| data.with(|data| data.entries.is_empty() && data.done.is_empty()));
    let is_form = Memo::new(move |_| calendar.draft.with(Option::is_some));
    let is_open = Memo::new(move |_| calendar.panel.get().is_some() || is_form.get());
    view! {
        <div class="page-head cal-head">
            <h1>{calendar.locale.texts::<LayoutTexts>().calendar}</h1>
            <p class="cal-period">{move || bar::period(calendar)}</p>
        </div>
        <div
            class="cal"
            class:dragging=move || calendar.drag.get().is_some()
            on:click=move |event| input::on_click(calendar, &event)
            on:keydown=move |event| input::on_key(calendar, &event)
            on:focusin=move |event| input::on_focus(calendar, &event)
            on:focusout=move |event| input::on_blur(calendar, &event)
            on:pointerdown=move |event| input::on_pointer_down(calendar, &event)
            on:pointermove=move |event| input::on_pointer_move(calendar, &event)
            on:pointerup=move |_| input::on_pointer_up(calendar)
            on:pointercancel=move |_| input::on_pointer_cancel(calendar)
        >
            <Bar calendar />
            <When holds=move || data.with(|data| data.is_cut)>
                <p class="banner">{t.cut}</p>
            </When>
            <When holds=move || calendar.moved.get().is_some()>
                <p class="banner cal-moved" data-testid="moved">
                    <span>{t.moved_one}</span>
                    <button class="button" type="button" data-act="series">
                        {t.move_all}
                    </button>
                    <button class="button quiet" type="button" data-act="keep">
                        {calendar.locale.texts::<CommonTexts>().close}
                    </button>
                </p>
            </When>
            <p class="visually-hidden" id="cal-keys">
                {t.keys}
            </p>
            <div class="cal-columns" class:open=move || is_open.get()>
                <div class="cal-main">
                    {match is_month {
                        true => view! { <Month calendar /> }.into_any(),
                        false => view! { <Hours calendar /> }.into_any(),
                    }} <When holds=move || is_empty.get()>
                        <div class="empty cal-empty">
                            <p class="empty-title">{t.none}</p>
                            <p>{t.none_hint}</p>
                        </div>
                    </When>
                </div>
                {move || match (is_form.get(), calendar.panel.get()) {
                    (true, _) => view! { <EntryForm calendar /> }.into_any(),
                    (false, Some(key)) => view! { <EntryPanel calendar key /> }.into_any(),
                    (false, None) => ().into_any(),
                }}
            </div>
            <p class="visually-hidden" role="status" data-testid="calendar-spoken">
                {move || calendar.spoken.get()}
            </p>
        </div>
    }
    .into_any()
}
