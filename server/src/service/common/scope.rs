//! Whose things a list is of.

/// `scope` of the lists (contract, REST 7.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// The caller's.
    #[default]
    Mine,
    /// Those of others that the caller may see.
    Shared,
    /// Both.
    All,
}

impl Scope {
    /// The caller's are in it.
    pub fn mine(self) -> bool {
        self != Self::Shared
    }

    /// Those of others are in it.
    pub fn shared(self) -> bool {
        self != Self::Mine
    }
}
