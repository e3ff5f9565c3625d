//! A live page with its data, whatever its type.

use super::{Edit, LivePage, PageData};
use crate::locale::Locale;
use leptos::prelude::*;
use std::sync::Arc;

/// A page that can be shown.
#[derive(Clone)]
pub struct Opened {
    view: Arc<dyn Fn() -> AnyView + Send + Sync>,
    title: Arc<dyn Fn(Locale) -> String + Send + Sync>,
    #[cfg_attr(not(feature = "hydrate"), allow(dead_code, reason = "nothing moves on the server"))]
    replace: Arc<Replace>,
    /// The pattern of the page's path, which names the page.
    pub path: &'static str,
    /// Whether it has data of its own, beside the layout's.
    pub has_data: bool,
    /// Whether it is read again when timers change.
    pub follows_timers: bool,
}

/// Takes newer data as JSON, and the edits that wait.
type Replace = dyn Fn(Option<&str>, &[String]) -> bool + Send + Sync;

impl Opened {
    /// A page with its data.
    pub fn new<P: LivePage>(data: P::Data) -> Self {
        let shown = ArcRwSignal::new(data.clone());
        let confirmed = ArcStoredValue::new(data);
        let (of_view, of_title) = (shown.clone(), shown.clone());
        Self {
            view: Arc::new(move || P::view(PageData::new(of_view.clone()))),
            title: Arc::new(move |locale| of_title.with(|data| P::title(data, locale))),
            replace: Arc::new(move |json, edits| {
                if let Some(json) = json {
                    match protocol::json::parse(json) {
                        Ok(newer) => confirmed.set_value(newer),
                        Err(_) => return false,
                    }
                }
                let mut data = confirmed.get_value();
                let edits = edits.iter();
                let edits = edits.filter_map(|edit| protocol::json::parse::<P::Edit>(edit).ok());
                edits.for_each(|edit| edit.apply(&mut data));
                shown.set(data);
                true
            }),
            path: P::PATH,
            has_data: size_of::<P::Data>() > 0,
            follows_timers: P::FOLLOWS_TIMERS,
        }
    }

    /// Builds the view.
    pub fn view(&self) -> AnyView {
        (self.view)()
    }

    /// The title without the product's name.
    pub fn title(&self, locale: Locale) -> String {
        (self.title)(locale)
    }

    /// Shows newer data, or the same, with the edits that wait, both as JSON. Returns false if the data cannot be read.
    #[cfg(feature = "hydrate")]
    pub fn replace(&self, newer: Option<&str>, edits: &[String]) -> bool {
        (self.replace)(newer, edits)
    }
}
