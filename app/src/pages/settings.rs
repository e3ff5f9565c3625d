//! `/settings`

#[cfg(feature = "ssr")]
use crate::{
    backend::{Backend, BackendError},
    page::PageRequest,
};
use crate::{
    locale::Locale,
    page::{Edit, LivePage, PageData},
    state::Clock,
    texts::{LayoutTexts, SettingsTexts, Text},
    writes::Write,
};
use leptos::prelude::*;
use protocol::{
    friend::FriendActivity,
    language::Language,
    preferences::{HourCycle, Preferences, Theme, WeekStart},
    rest::account::Account,
};
use serde::{Deserialize, Serialize};

mod alarms;
mod choice;
mod name;
mod zone;

use alarms::Alarms;
use choice::{Choice, choice};
use name::NameField;
use zone::ZoneField;

/// The user's preferences.
pub struct SettingsPage;

/// What the page shows.
#[derive(Clone, Serialize, Deserialize)]
pub struct SettingsData {
    account: Account,
    preferences: Preferences,
    /// What friends see of the user's timers.
    friend_activity: FriendActivity,
    /// The language in which the server writes to this browser now.
    language: Language,
}

/// A change of preferences (`PATCH /v1/users/me/preferences`) or of the profile (`PATCH /v1/users/me`).
#[derive(Clone, Serialize, Deserialize)]
pub enum SettingsEdit {
    Language(Option<Language>),
    Theme(Option<Theme>),
    TimeZone(Option<String>),
    WeekStart(Option<WeekStart>),
    HourCycle(Option<HourCycle>),
    DefaultMinutes(u32),
    Sound(bool),
    Notifications(bool),
    FriendActivity(FriendActivity),
    Name(String),
}

impl Edit<SettingsData> for SettingsEdit {
    fn apply(&self, data: &mut SettingsData) {
        let to = &mut data.preferences;
        match self {
            Self::Language(language) => to.language = *language,
            Self::Theme(theme) => to.theme = *theme,
            Self::TimeZone(zone) => to.time_zone.clone_from(zone),
            Self::WeekStart(day) => to.week_start = *day,
            Self::HourCycle(cycle) => to.hour_cycle = *cycle,
            Self::DefaultMinutes(minutes) => to.default_minutes = *minutes,
            Self::Sound(on) => to.sound = *on,
            Self::Notifications(on) => to.notifications = *on,
            Self::FriendActivity(shown) => data.friend_activity = *shown,
            Self::Name(name) => data.account.display_name = Some(name.clone()),
        }
    }
}

impl SettingsEdit {
    /// The request that makes the change.
    fn write(&self) -> Write {
        // One member; the others keep their values.
        let (name, value) = match self {
            Self::Language(language) => ("language", quoted(language.map(Language::as_str))),
            Self::Theme(theme) => ("theme", quoted(theme.map(Theme::as_str))),
            Self::TimeZone(zone) => ("time_zone", quoted(zone.as_deref())),
            Self::WeekStart(day) => ("week_start", quoted(day.map(WeekStart::as_str))),
            Self::HourCycle(cycle) => (
                "hour_cycle",
                cycle.map_or("null".to_owned(), |cycle| u8::from(cycle).to_string()),
            ),
            Self::DefaultMinutes(minutes) => ("default_minutes", minutes.to_string()),
            Self::Sound(on) => ("sound", on.to_string()),
            Self::Notifications(on) => ("notifications", on.to_string()),
            Self::Name(name) => {
                let body = format!("{{\"display_name\":{}}}", quoted(Some(name)));
                return Write::patch_json("/v1/users/me", body);
            }
            Self::FriendActivity(shown) => {
                let body = format!("{{\"friend_activity\":\"{}\"}}", shown.as_str());
                return Write::patch_json("/v1/users/me", body);
            }
        };
        Write::patch_json("/v1/users/me/preferences", format!("{{\"{name}\":{value}}}"))
    }
}

/// A JSON string, or null.
fn quoted(value: Option<&str>) -> String {
    serde_json::to_string(&value).unwrap_or_default()
}

type Data = PageData<SettingsData, SettingsEdit>;

impl LivePage for SettingsPage {
    const PATH: &'static str = "/settings";
    type Data = SettingsData;
    type Edit = SettingsEdit;

    #[cfg(feature = "ssr")]
    async fn load(backend: &dyn Backend, request: &PageRequest<'_>) -> Result<Option<SettingsData>, BackendError> {
        Ok(Some(SettingsData {
            account: request.account.clone(),
            preferences: request.preferences.clone(),
            friend_activity: backend.friend_activity(&request.account.id).await?,
            language: request.locale.language,
        }))
    }

    fn title(_: &SettingsData, locale: Locale) -> String {
        locale.texts::<LayoutTexts>().settings.to_owned()
    }

    fn view(data: Data) -> AnyView {
        view! { <Settings data /> }.into_any()
    }
}

#[component]
fn Settings(data: Data) -> impl IntoView {
    let locale = Locale::current();
    let (t, l) = (locale.texts::<SettingsTexts>(), locale.texts::<LayoutTexts>());
    follow(data, locale);
    let account = data.with_untracked(|data| data.account.clone());
    view! {
        <div class="page-head">
            <h1>{l.settings}</h1>
        </div>
        <section class="settings" aria-labelledby="settings-look">
            <h2 id="settings-look">{t.look}</h2>
            {language(data, t, l)}
            {theme(data, l)}
        </section>
        <section class="settings" aria-labelledby="settings-time">
            <h2 id="settings-time">{t.time}</h2>
            <ZoneField data t />
            {week_start(data, t)}
            {hour_cycle(data, t)}
        </section>
        <section class="settings" aria-labelledby="settings-timers">
            <h2 id="settings-timers">{t.timers}</h2>
            <DefaultMinutes data t />
            <Alarms data t />
        </section>
        <section class="settings" aria-labelledby="settings-privacy">
            <h2 id="settings-privacy">{t.privacy}</h2>
            {friend_activity(data, t)}
        </section>
        <section class="settings" aria-labelledby="settings-account">
            <h2 id="settings-account">{t.account}</h2>
            <NameField data t />
            <p class="settings-account">
                <span>{account.email}</span>
            </p>
        </section>
        // Visible when the browser offers it (`shell/offline.js`).
        <section class="settings settings-install" aria-labelledby="settings-install">
            <h2 id="settings-install">{t.app}</h2>
            <div class="setting">
                <span class="setting-label">{t.install_hint}</span>
                <button class="button" type="button" data-install="">
                    {t.install}
                </button>
            </div>
        </section>
    }
    .into_any()
}

/// Applies what was chosen to the document: the theme and the name at once, the language with a new document, once the
/// server has it.
fn follow(data: Data, locale: Locale) {
    #[cfg(feature = "hydrate")]
    {
        let crate::layout::AccountName(shown) = expect_context();
        let name = Memo::new(move |_| data.with(|data| data.account.name().to_owned()));
        Effect::new(move |_| shown.set(name.get()));
        let theme = Memo::new(move |_| data.with(|data| data.preferences.theme));
        Effect::new(move |_| {
            let Some(root) = document().document_element() else {
                return;
            };
            let _ = match theme.get() {
                Some(theme) => root.set_attribute("data-theme", theme.as_str()),
                None => root.remove_attribute("data-theme"),
            };
        });
        Effect::new(move |_| {
            if data.with(|data| data.language) != locale.language {
                crate::browser::reload();
            }
        });
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = (data, locale);
}

fn language(data: Data, t: &'static SettingsTexts, l: &'static LayoutTexts) -> AnyView {
    let mut choices = vec![Choice::new(t.as_browser, None)];
    choices.extend(Language::ALL.map(|language| Choice::new(language.name(), Some(language))));
    choice(
        data,
        "language",
        l.language,
        choices,
        |data| data.preferences.language,
        SettingsEdit::Language,
    )
}

fn theme(data: Data, l: &'static LayoutTexts) -> AnyView {
    let choices = vec![
        Choice::new(l.theme_system, None),
        Choice::new(l.theme_light, Some(Theme::Light)),
        Choice::new(l.theme_dark, Some(Theme::Dark)),
    ];
    choice(
        data,
        "theme",
        l.theme,
        choices,
        |data| data.preferences.theme,
        SettingsEdit::Theme,
    )
}

fn week_start(data: Data, t: &'static SettingsTexts) -> AnyView {
    let days: [Text; 7] = Locale::current().texts::<crate::texts::CommonTexts>().weekdays;
    let choices = vec![
        Choice::new(t.by_language, None),
        Choice::new(days[0], Some(WeekStart::Monday)),
        Choice::new(days[5], Some(WeekStart::Saturday)),
        Choice::new(days[6], Some(WeekStart::Sunday)),
    ];
    choice(
        data,
        "week-start",
        t.week_start,
        choices,
        |data| data.preferences.week_start,
        SettingsEdit::WeekStart,
    )
}

fn hour_cycle(data: Data, t: &'static SettingsTexts) -> AnyView {
    let choices = vec![
        Choice::new(t.by_language, None),
        Choice::new(t.hours_24, Some(HourCycle::TwentyFour)),
        Choice::new(t.hours_12, Some(HourCycle::Twelve)),
    ];
    choice(
        data,
        "hour-cycle",
        t.hour_cycle,
        choices,
        |data| data.preferences.hour_cycle,
        SettingsEdit::HourCycle,
    )
}

fn friend_activity(data: Data, t: &'static SettingsTexts) -> AnyView {
    let choices = vec![
        Choice::new(t.friends_titles, FriendActivity::Titles),
        Choice::new(t.friends_running, FriendActivity::Running),
        Choice::new(t.friends_nothing, FriendActivity::Nothing),
    ];
    choice(
        data,
        "friend-activity",
        t.friends_see,
        choices,
        |data| data.friend_activity,
        SettingsEdit::FriendActivity,
    )
}

#[component]
fn DefaultMinutes(data: Data, t: &'static SettingsTexts) -> impl IntoView {
    let clock = expect_context::<Clock>();
    let minutes = Memo::new(move |_| data.with(|data| data.preferences.default_minutes.to_string()));
    let change = move |text: String| {
        if let Some(minutes) = text
            .trim()
            .parse()
            .ok()
            .filter(|minutes| (1..=525_600).contains(minutes))
        {
            let edit = SettingsEdit::DefaultMinutes(minutes);
            let write = edit.write();
            data.edit(edit, write);
        }
    };
    view! {
        <div class="setting">
            <label for="default-minutes">{t.default_minutes}</label>
            <input
                id="default-minutes"
                type="number"
                min="1"
                max="525600"
                value=minutes.get_untracked()
                prop:value=move || minutes.get()
                disabled=move || !clock.is_hydrated()
                on:change:target=move |event| change(event.target().value())
            />
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_sends_its_own_member_only() {
        let body = |edit: SettingsEdit| edit.write().body.unwrap_or_default();
        assert_eq!(
            body(SettingsEdit::Language(Some(Language::Korean))),
            r#"{"language":"ko"}"#
        );
        assert_eq!(body(SettingsEdit::Theme(None)), r#"{"theme":null}"#);
        assert_eq!(
            body(SettingsEdit::HourCycle(Some(HourCycle::Twelve))),
            r#"{"hour_cycle":12}"#
        );
        assert_eq!(
            body(SettingsEdit::TimeZone(Some("Asia/\"x".into()))),
            r#"{"time_zone":"Asia/\"x"}"#
        );
    }

    #[test]
    fn a_change_is_shown_at_once() {
        let mut data = SettingsData {
            account: Account {
                id: "ada".into(),
                email: "ada@example.com".into(),
                display_name: None,
            },
            preferences: Preferences::default(),
            friend_activity: FriendActivity::Titles,
            language: Language::English,
        };
        SettingsEdit::DefaultMinutes(50).apply(&mut data);
        SettingsEdit::WeekStart(Some(WeekStart::Saturday)).apply(&mut data);
        assert_eq!(data.preferences.default_minutes, 50);
        assert_eq!(Locale::preferred(&data.preferences, Language::English).week_start, 5);
    }
}
