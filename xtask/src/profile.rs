//! How Lockstep itself is compiled.

/// One of cargo's two profiles.
#[derive(Clone, Copy)]
pub enum Profile {
    /// Quick to compile, for development and tests.
    Dev,
    /// Optimised.
    Release,
}
