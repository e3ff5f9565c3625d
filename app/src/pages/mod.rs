//! The pages, one file each, named after its path.
//!
//! A page is declared in its file and named once in the list below. `live` pages are for signed-in users, and are
//! hydrated; each has its view in a chunk of the WebAssembly of its own, so that it costs the others nothing. `plain`
//! pages are HTML and forms.

pub mod calendar;
#[cfg(feature = "ssr")]
mod failure;
pub mod friends;
mod history;
#[cfg(feature = "ssr")]
mod not_found;
mod settings;
pub mod shared;
#[cfg(feature = "ssr")]
mod sign_in;
#[cfg(feature = "ssr")]
mod sign_up;
pub mod tags;
pub mod timer;
mod timers;
pub mod todos;

#[cfg(feature = "ssr")]
pub(crate) use self::{failure::failure, not_found::not_found};

/// Writes the server's and the browser's list of the pages.
macro_rules! pages {
    (live: $($chunk:ident => $live:path,)* ; plain: $($plain:path,)*) => {
        /// All pages.
        #[cfg(feature = "ssr")]
        pub const ROUTES: &[crate::page::PageRoute] = &[
            $(crate::page::PageRoute::live::<$live>(stringify!($chunk)),)*
            $(crate::page::PageRoute::plain::<$plain>(),)*
        ];

        /// The pages that the browser can open by itself.
        #[cfg(feature = "hydrate")]
        pub(crate) const LIVE: &[crate::hydrate::LiveRoute] = &[
            $(crate::hydrate::LiveRoute {
                path: <$live as crate::page::LivePage>::PATH,
                open: |data| Box::pin(chunks::$chunk::$chunk(data)),
                prefetch: || leptos::task::spawn_local(async {
                    // A failure shows when the page is opened.
                    let _ = chunks::$chunk::prefetch().await;
                }),
            },)*
        ];

        /// The functions at which the WebAssembly is split.
        #[cfg(feature = "hydrate")]
        mod chunks {
            $(pub mod $chunk {
                use crate::hydrate::{OpenError, parse};
                use crate::page::Opened;

                #[leptos::wasm_split::wasm_split(
                    $chunk,
                    wasm_split_path = leptos::wasm_split,
                    preload(prefetch),
                    fallible
                )]
                pub fn $chunk(data: String) -> Result<Opened, OpenError> {
                    parse::<$live>(&data)
                }
            })*
        }
    };
}

pages! {
    live:
        timers => crate::pages::timers::TimersPage,
        timer => crate::pages::timer::TimerPage,
        history => crate::pages::history::HistoryPage,
        settings => crate::pages::settings::SettingsPage,
        todos => crate::pages::todos::TodosPage,
        calendar => crate::pages::calendar::CalendarPage,
        tags => crate::pages::tags::TagsPage,
        friends => crate::pages::friends::FriendsPage,
        shared => crate::pages::shared::SharedPage,
    ;
    plain:
        crate::pages::sign_in::SignInPage,
        crate::pages::sign_up::SignUpPage,
}
