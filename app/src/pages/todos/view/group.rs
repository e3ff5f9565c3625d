//! A group as a section with its tree.

use super::row::row_view;
use crate::{
    components::{Rows, When, rows},
    pages::todos::{
        actions::Todos,
        data::{Group, ROWS},
        tree::{Target, TreeRow},
    },
};
use leptos::prelude::*;
use protocol::todo::fold_key;

/// The group's name and colour, its open todos, and the tree.
pub fn group_view(todos: Todos, group: Group) -> AnyView {
    let t = todos.texts;
    let Group { id, name, color, .. } = group;
    let disabled = Memo::new(move |_| !todos.clock.is_hydrated());
    let folded = Memo::new(move |_| {
        let shows = todos.query.with(|query| query.is_search() || query.group == Some(id));
        !shows && todos.folds.with(|folds| folds.contains(&fold_key(id.0)))
    });
    let counts = Memo::new(move |_| {
        todos.data.with(|data| {
            let group = data.groups.iter().find(|group| group.id == id);
            group.map_or((0, 0, 0), |group| (group.open, group.total, group.shown))
        })
    });
    let tree = Memo::new(move |_| {
        todos.sections.with(|sections| {
            let section = sections.iter().find(|section| section.group == id);
            section.map(|section| section.rows.clone()).unwrap_or_default()
        })
    });
    // One row of each tree can be reached by Tab.
    let tabbed = Memo::new(move |_| {
        let chosen = todos.chosen.get();
        tree.with(|rows| {
            let chosen = rows.iter().find(|row| Some(row.row.id) == chosen);
            chosen.or(rows.first()).map(|row| row.row.id)
        })
    });
    let (heading, list) = (format!("group-{id}"), format!("tree-{id}"));
    let (labelled, of_tree, controls) = (heading.clone(), heading.clone(), list.clone());
    let (fold, unfold, add) = ((t.fold)(&name), (t.unfold)(&name), (t.add_to)(&name));
    let more = move || {
        let (_, total, shown) = counts.get();
        let rest = total.saturating_sub(shown);
        let query = todos.query.get();
        let from = match query.group {
            Some(_) => shown,
            None => 0,
        };
        (rest > 0).then(|| {
            let address = query.within(id, from).address();
            view! {
                <a class="button quiet" href=address>
                    {(t.more)(rest.min(ROWS))}
                </a>
            }
            .into_any()
        })
    };
    let start = move || {
        let query = todos.query.get();
        (query.from > 0 && query.group == Some(id)).then(|| {
            view! {
                <a class="button quiet" href=query.within(id, 0).address()>
                    {t.from_start}
                </a>
            }
            .into_any()
        })
    };
    view! {
        <section
            class="todo-group"
            class:target=move || todos.target.get() == Some(Target::Group(id))
            aria-labelledby=labelled
            data-group=id.to_string()
            data-testid="todo-group"
        >
            <header class="todo-group-head">
                <button
                    class="icon-button todo-fold"
                    class:folded=move || folded.get()
                    type="button"
                    data-act="fold-group"
                    aria-expanded=move || (!folded.get()).to_string()
                    aria-controls=controls
                    aria-label=move || if folded.get() { unfold.clone() } else { fold.clone() }
                    disabled=move || disabled.get()
                ></button>
                <svg class="todo-color" viewBox="0 0 10 10" aria-hidden="true">
                    <rect width="10" height="10" rx="3" fill=color />
                </svg>
                <h2 id=heading>{name}</h2>
                <span class="todo-count">{move || (t.open_count)(counts.get().0)}</span>
                <button
                    class="icon-button todo-plus"
                    type="button"
                    data-act="add-to-group"
                    aria-label=add
                    disabled=move || disabled.get()
                ></button>
            </header>
            <div id=list>
                <When holds=move || tree.with(|rows| !rows.is_empty())>
                    <ul class="todo-tree" role="tree" aria-labelledby=of_tree.clone() aria-describedby="todo-keys">
                        <Rows each=rows(
                            move || tree.get(),
                            TreeRow::clone,
                            move |row| row_view(todos, (disabled, tabbed), row),
                        ) />
                    </ul>
                </When>
                <When holds=move || !folded.get() && tree.with(|rows| rows.is_empty())>
                    <p class="todo-none">{t.group_empty}</p>
                </When>
            </div>
            <p class="todo-more">{start} {more}</p>
        </section>
    }
    .into_any()
}
