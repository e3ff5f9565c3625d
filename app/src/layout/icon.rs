//! Icons: one path each, drawn with the colour of the text.

use leptos::prelude::*;

/// An icon of 24 units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    Timers,
    Calendar,
    Todos,
    History,
    Tags,
    Friends,
    Shared,
    Settings,
    Bell,
    More,
    Search,
    Pause,
    Play,
    Stop,
    Close,
    Before,
    After,
}

impl Icon {
    const fn path(self) -> &'static str {
        match self {
            Self::Timers => "M12 21a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM12 9v4l2.5 2.5M9.5 2.5h5",
            Self::Calendar => "M4 6h16v14H4zM4 10.5h16M8.5 3.5V8M15.500 3.5V8",
            Self::Todos => "M4 6.500l1.500 1.500L8.500 5M4 16.500l1.500 1.500 3-3M12.500 7H20M12.500 17H20",
            Self::History => {
                "M4.500 12a7.500 7.500 0 1 0 2.400-5.500L4.500 8.700M4.500 4.500v4.200h4.200M12 8v4.200l3 1.800"
            }
            Self::Tags => "M4 4h7.500L20 12.500 12.500 20 4 11.500zM8 8h.01",
            Self::Friends => {
                "M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM2.500 20c.5-4 3-6 6.500-6s6 2 6.500 6M16 4.500a3.200 3.200 0 0 1 0 6.200M18 14.500c2 .7 3.200 2.500 3.500 5.500"
            }
            Self::Shared => {
                "M17.500 8.500a2.700 2.700 0 1 0 0-5.400 2.700 2.700 0 0 0 0 5.400zM6.500 14.700a2.700 2.700 0 1 0 0-5.400 2.700 2.700 0 0 0 0 5.400zM17.500 20.900a2.700 2.700 0 1 0 0-5.400 2.700 2.700 0 0 0 0 5.400zM9 10.700l6-3.500M9 13.300l6 3.500"
            }
            Self::Settings => {
                "M4 7h10M18 7h2M4 17h2M10 17h10M16 9.200a2.200 2.200 0 1 0 0-4.400 2.200 2.200 0 0 0 0 4.400zM8 19.200a2.200 2.200 0 1 0 0-4.400 2.200 2.200 0 0 0 0 4.400z"
            }
            Self::Bell => "M6 16.500V11a6 6 0 1 1 12 0v5.500l1.500 1.500h-15zM10 20.500h4",
            Self::More => "M6 12h.01M12 12h.01M18 12h.01",
            Self::Search => "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16.200 16.200L20.500 20.500",
            Self::Pause => "M9 5.500v13M15 5.500v13",
            Self::Play => "M8 5l10.500 7L8 19z",
            Self::Stop => "M6.500 6.500h11v11h-11z",
            Self::Close => "M6 6l12 12M18 6L6 18",
            Self::Before => "M14.500 6l-6 6 6 6",
            Self::After => "M9.500 6l6 6-6 6",
        }
    }

    /// The icon as a picture that screen readers skip.
    pub fn view(self) -> AnyView {
        view! {
            <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
                <path d=self.path() />
            </svg>
        }
        .into_any()
    }
}
