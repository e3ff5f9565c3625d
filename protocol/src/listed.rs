//! Enums that know all their variants, so that a list of them cannot be forgotten when one is added.

/// Defines an enum, and `ALL`.
macro_rules! listed {
    ($(#[$meta:meta])* pub enum $name:ident {
        $($(#[$variant_meta:meta])* $variant:ident $(= $value:literal)?,)+
    }) => {
        $(#[$meta])*
        pub enum $name {
            $($(#[$variant_meta])* $variant $(= $value)?,)+
        }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];
        }
    };
}

pub(crate) use listed;
