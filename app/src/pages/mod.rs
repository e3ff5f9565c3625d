//! The pages, one file each, named after its path.
//!
//! A page is declared in its file, as a [`Page`](crate::page::Page), and named once in the list below. `live` pages are
//! hydrated; each has its view in a chunk of the WebAssembly of its own, so that it costs the others nothing. `plain`
//! pages are HTML and forms.

#[cfg(feature = "ssr")]
mod failure;
#[cfg(feature = "ssr")]
mod not_found;
#[cfg(feature = "ssr")]
mod sign_in;
#[cfg(feature = "ssr")]
mod sign_up;
mod timers;

pub use self::timers::TimersPage;
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
        pub(crate) const LIVE: &[crate::hydrate::LivePage] = &[
            $(crate::hydrate::LivePage {
                path: <$live as crate::page::Page>::PATH,
                open: |data| Box::pin(chunks::$chunk(data)),
            },)*
        ];

        /// The functions at which the WebAssembly is split.
        #[cfg(feature = "hydrate")]
        mod chunks {
            use crate::hydrate::{OpenError, parse};
            use crate::page::Opened;

            $(
                #[leptos::wasm_split::wasm_split($chunk, wasm_split_path = leptos::wasm_split, fallible)]
                pub fn $chunk(data: String) -> Result<Opened, OpenError> {
                    parse::<$live>(&data)
                }
            )*
        }
    };
}

pages! {
    live:
        timers => crate::pages::timers::TimersPage,
    ;
    plain:
        sign_in::SignInPage,
        sign_up::SignUpPage,
}
