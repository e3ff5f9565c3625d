//! The pages, one file each, named after its path.
//!
//! A page is declared in its file and named once in the list below. `live` pages are for signed-in users, and are
//! hydrated; the views of each group are in a file of WebAssembly of their own, so that they cost the others nothing.
//! What several groups share is in one more file for each set of groups, so there are few groups: one for each page would
//! load dozens of files. `plain` pages are HTML and forms. `standalone` pages are for developers: a release does not contain
//! them.

pub mod calendar;
#[cfg(feature = "ssr")]
mod failure;
pub mod friends;
mod history;
#[cfg(feature = "ssr")]
mod not_found;
pub mod notifications;
#[cfg(feature = "ssr")]
mod offline;
#[cfg(debug_assertions)]
pub mod playground;
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
    (live: $($group:ident { $($page:ident => $live:path,)* })* ; plain: $($plain:path,)*
        ; standalone: $($name:ident => $standalone:path,)*) => {
        /// All pages.
        #[cfg(feature = "ssr")]
        pub const ROUTES: &[crate::page::PageRoute] = &[
            $($(crate::page::PageRoute::live::<$live>(stringify!($group)),)*)*
            $(crate::page::PageRoute::plain::<$plain>(),)*
        ];

        /// The pages for developers, which a server has in development only.
        #[cfg(all(debug_assertions, feature = "ssr"))]
        pub const STANDALONE_ROUTES: &[crate::page::PageRoute] =
            &[$(crate::page::PageRoute::standalone::<$standalone>(stringify!($name)),)*];

        /// The pages for developers, each in a file of its own.
        #[cfg(all(debug_assertions, feature = "hydrate"))]
        pub(crate) const STANDALONE: &[crate::hydrate::StandaloneRoute] = &[
            $(crate::hydrate::StandaloneRoute {
                path: <$standalone as crate::page::StandalonePage>::PATH,
                open: || Box::pin(standalone_chunks::$name()),
            },)*
        ];

        #[cfg(all(debug_assertions, feature = "hydrate"))]
        mod standalone_chunks {
            use crate::hydrate::{OpenError, StandaloneView};

            $(#[leptos::wasm_split::wasm_split($name, wasm_split_path = leptos::wasm_split, fallible)]
            pub fn $name() -> Result<StandaloneView, OpenError> {
                Ok(<$standalone as crate::page::StandalonePage>::view)
            })*
        }

        /// The pages that the browser can open by itself.
        #[cfg(feature = "hydrate")]
        pub(crate) const LIVE: &[crate::hydrate::LiveRoute] = &[
            $($(crate::hydrate::LiveRoute {
                path: <$live as crate::page::LivePage>::PATH,
                open: |data| Box::pin(chunks::$page::$page(data)),
                prefetch: || leptos::task::spawn_local(async {
                    // A failure shows when the page is opened.
                    let _ = chunks::$page::prefetch().await;
                }),
            },)*)*
        ];

        /// The functions at which the WebAssembly is split.
        #[cfg(feature = "hydrate")]
        mod chunks {
            $($(pub mod $page {
                use crate::hydrate::{OpenError, parse};
                use crate::page::Opened;

                #[leptos::wasm_split::wasm_split(
                    $group,
                    wasm_split_path = leptos::wasm_split,
                    preload(prefetch),
                    fallible
                )]
                pub fn $page(data: String) -> Result<Opened, OpenError> {
                    parse::<$live>(&data)
                }
            })*)*
        }
    };
}

pages! {
    live:
        timers {
            timers => crate::pages::timers::TimersPage,
        }
        records {
            timer => crate::pages::timer::TimerPage,
            history => crate::pages::history::HistoryPage,
        }
        plans {
            todos => crate::pages::todos::TodosPage,
            tags => crate::pages::tags::TagsPage,
        }
        calendar {
            calendar => crate::pages::calendar::CalendarPage,
        }
        people {
            friends => crate::pages::friends::FriendsPage,
            shared => crate::pages::shared::SharedPage,
            notifications => crate::pages::notifications::NotificationsPage,
            settings => crate::pages::settings::SettingsPage,
        }
    ;
    plain:
        crate::pages::sign_in::SignInPage,
        crate::pages::sign_up::SignUpPage,
        crate::pages::offline::OfflinePage,
    ;
    standalone:
        playground => crate::pages::playground::PlaygroundPage,
}
