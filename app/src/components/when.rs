//! Parts of a page that come and go.
//!
//! Leptos's `Show` and `For` are generic: each use of them is compiled anew. These are not, so that all uses share
//! their code in the WebAssembly.

use leptos::{children::ViewFn, prelude::*};
use std::hash::{DefaultHasher, Hash, Hasher};

/// Shows its children while a condition holds, and the fallback otherwise.
#[component]
pub fn When(
    #[prop(into)] holds: Signal<bool>,
    children: ChildrenFn,
    #[prop(optional, into)] fallback: ViewFn,
) -> impl IntoView {
    let holds = Memo::new(move |_| holds.get());
    view! { {move || if holds.get() { children() } else { fallback.run() }} }.into_any()
}

/// A part of a list, which is built once and kept while its key is in the list.
pub struct Row {
    /// A hash of 64 bits: that two of a thousand rows have the same is less likely than 1 in 10^13.
    key: u64,
    view: Box<dyn FnOnce() -> AnyView + Send>,
}

/// The rows of a list as they are now.
pub type RowSource = Box<dyn Fn() -> Vec<Row> + Send>;

/// The rows of items with a key and a view.
pub fn rows<T, K>(
    items: impl Fn() -> Vec<T> + Send + 'static,
    key: fn(&T) -> K,
    view: impl Fn(T) -> AnyView + Clone + Send + 'static,
) -> RowSource
where
    T: Send + 'static,
    K: Hash + 'static,
{
    Box::new(move || {
        let items = items().into_iter();
        items
            .map(|item| {
                let mut hasher = DefaultHasher::new();
                key(&item).hash(&mut hasher);
                let view = view.clone();
                Row {
                    key: hasher.finish(),
                    view: Box::new(move || view(item)),
                }
            })
            .collect()
    })
}

/// The views of a list's items, in their order.
#[component]
pub fn Rows(each: RowSource) -> impl IntoView {
    view! { <For each key=|row| row.key children=|row| (row.view)() /> }.into_any()
}
