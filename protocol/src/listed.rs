//! Enums with a generated list of their variants, so that no list has to be kept by hand.

/// Defines an enum and its constant `ALL`.
macro_rules! listed {
    ($(#[$meta:meta])* pub enum $name:ident {
        $($(#[$variant_meta:meta])* $variant:ident $(= $value:literal)?,)+
    }) => {
        $(#[$meta])*
        pub enum $name {
            $($(#[$variant_meta])* $variant $(= $value)?,)+
        }

        impl $name {
            /// All variants.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];
        }
    };
}

pub(crate) use listed;
