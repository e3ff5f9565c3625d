//! One todo in the tree. What is pressed is read from `data-act` by `input.rs`, so that a row has few closures.

use super::menu::menu_view;
use crate::{
    components::When,
    layout::Icon,
    pages::todos::{
        actions::Todos,
        data::TodoRow,
        tree::{Target, TreeRow},
    },
};
use leptos::{attr::custom::custom_attribute, prelude::*};
use protocol::{id::TodoId, todo::TodoStatus};

/// Deadlines of so many days are written in words, others as dates.
const DAYS_IN_WORDS: i64 = 6;

/// The row. It is built anew when anything of it changes.
pub fn row_view(todos: Todos, (disabled, tabbed): (Memo<bool>, Memo<Option<TodoId>>), tree: TreeRow) -> AnyView {
    let t = todos.texts;
    let (level, indentation) = (tree.level.to_string(), tree.indentation().to_string());
    let (place, siblings, folded) = (tree.place.to_string(), tree.siblings.to_string(), tree.folded);
    let row = tree.row;
    let id = row.id;
    let title = todos.title(&row).to_owned();
    let text_id = format!("todo-text-{id}");
    let labelled = text_id.clone();
    let is_open = row.is_open();
    let fold = folded.map(|folded| {
        let label = if folded { t.unfold } else { t.fold };
        view! {
            <button
                class="icon-button todo-fold"
                class:folded=folded
                type="button"
                tabindex="-1"
                data-act="fold"
                aria-label=label(&title)
                disabled=move || disabled.get()
            ></button>
        }
        .into_any()
    });
    let address = todos.query.with_untracked(|query| query.with_todo(Some(id)).address());
    let of_menu = row.clone();
    view! {
        <li
            class="todo"
            class:done=row.status == TodoStatus::Done
            class:cancelled=row.status == TodoStatus::Cancelled
            class:context=row.is_context
            class:waits=row.waits
            class:target=move || todos.target.get() == Some(Target::Todo(id))
            class:dragged=move || todos.dragged.get() == Some(id)
            class:edited=move || todos.panel.get() == Some(id)
            id=format!("todo-{id}")
            role="treeitem"
            tabindex=move || if tabbed.get() == Some(id) { "0" } else { "-1" }
            {..custom_attribute("aria-level", level)}
            aria-posinset=place
            aria-setsize=siblings
            aria-expanded=folded.map(|folded| (!folded).to_string())
            aria-checked=(row.status == TodoStatus::Done).to_string()
            aria-labelledby=labelled
            data-todo=id.to_string()
            data-indentation=indentation
            data-testid="todo"
        >
            <span class="todo-fold-place">{fold}</span>
            <span class="todo-check">
                <input
                    type="checkbox"
                    tabindex="-1"
                    data-act="toggle"
                    aria-label=(t.mark_done)(&title)
                    checked=!is_open
                    disabled=move || disabled.get()
                />
            </span>
            <span class="todo-text" id=text_id>
                <a
                    class="todo-title"
                    href=address
                    data-act="open"
                    tabindex=move || if disabled.get() { None } else { Some("-1") }
                >
                    {title.clone()}
                </a>
                {facts(todos, &row)}
            </span>
            <span class="todo-tools">
                {is_open
                    .then(|| {
                        view! {
                            <button
                                class="icon-button todo-start"
                                type="button"
                                tabindex="-1"
                                data-act="timer"
                                aria-label=format!("{}: {title}", t.start_timer)
                                disabled=move || disabled.get()
                            >
                                {Icon::Play.view()}
                            </button>
                        }
                            .into_any()
                    })}
                <button
                    class="icon-button todo-grip"
                    type="button"
                    tabindex="-1"
                    data-grip="true"
                    aria-label=(t.drag)(&title)
                    disabled=move || disabled.get()
                ></button>
                <button
                    class="icon-button"
                    type="button"
                    tabindex="-1"
                    data-act="menu"
                    aria-haspopup="menu"
                    aria-expanded=move || (todos.menu.get() == Some(id)).to_string()
                    aria-label=(t.menu)(&title)
                    disabled=move || disabled.get()
                >
                    {Icon::More.view()}
                </button>
            </span>
            <When holds=move || todos.menu.get() == Some(id)>{menu_view(todos, &of_menu)}</When>
        </li>
    }
    .into_any()
}

/// What is said of a todo below its title: deadline, time in the calendar, progress, time spent, tags.
fn facts(todos: Todos, row: &TodoRow) -> AnyView {
    let t = todos.texts;
    let mut facts: Vec<AnyView> = Vec::new();
    if let Some(deadline) = row.deadline {
        let is_open = row.is_open();
        let late = move || is_open && deadline < todos.clock.now();
        let words = move || {
            let (there, today) = (todos.clock.local(deadline), todos.clock.local(todos.clock.now()));
            let when = match there.days_since(today).abs() <= DAYS_IN_WORDS {
                true => todos.locale.near_day(there, today),
                false => todos.locale.date(there.date()),
            };
            if late() { (t.was_due)(&when) } else { (t.due)(&when) }
        };
        facts.push(
            view! {
                <span class="todo-due" class:late=late>
                    {words}
                </span>
            }
            .into_any(),
        );
    }
    let mut add = |text: String| facts.push(view! { <span>{text}</span> }.into_any());
    if row.status == TodoStatus::Scheduled {
        add(t.scheduled.to_owned());
    }
    if row.status == TodoStatus::Cancelled {
        add(t.cancelled.to_owned());
    }
    if row.children > 0 {
        add((t.progress)(row.done, row.children));
    }
    if row.seconds > 0 {
        add((t.spent)(&todos.locale.span(row.seconds)));
    }
    if row.waits {
        facts.push(view! { <span class="todo-waits">{t.waits}</span> }.into_any());
    }
    let tags = todos.data.with_untracked(|data| {
        let tags = data.tags.iter().filter(|tag| row.tags.contains(&tag.id));
        tags.cloned().collect::<Vec<_>>()
    });
    facts.extend(tags.into_iter().map(|tag| {
        view! {
            <span class="todo-tag">
                <svg class="tag-dot" viewBox="0 0 10 10" aria-hidden="true">
                    <circle cx="5" cy="5" r="4.5" fill=tag.color />
                </svg>
                {tag.name}
            </span>
        }
        .into_any()
    }));
    view! { <span class="todo-facts">{facts}</span> }.into_any()
}
