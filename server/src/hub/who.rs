//! What the protocol knows of whoever is at the other end of a connection.

use std::{any::Any, fmt, net::IpAddr, sync::Arc};

/// Somebody at the other end.
#[derive(Clone, Default)]
pub struct Who {
    user: Option<Arc<str>>,
    address: Option<IpAddr>,
    claims: Option<Arc<dyn Any + Send + Sync>>,
}

impl Who {
    /// Nobody knows yet.
    pub fn anonymous() -> Self {
        Self::default()
    }

    /// A user. Their connections are a room of their own, which has this name.
    pub fn user(name: impl Into<Arc<str>>) -> Self {
        Self {
            user: Some(name.into()),
            ..Self::default()
        }
    }

    /// Where they connect from.
    #[must_use]
    pub fn at(self, address: IpAddr) -> Self {
        Self {
            address: Some(address),
            ..self
        }
    }

    /// What the protocol wants to know of them later, such as the claims of their token.
    #[must_use]
    pub fn with(self, claims: impl Any + Send + Sync) -> Self {
        Self {
            claims: Some(Arc::new(claims)),
            ..self
        }
    }

    /// The user's room; `None`: they have not said who they are.
    pub fn room(&self) -> Option<&Arc<str>> {
        self.user.as_ref()
    }

    /// Where they connect from, where that is known.
    pub fn address(&self) -> Option<IpAddr> {
        self.address
    }

    /// What was said by [`Self::with`], where it was of this type.
    pub fn claims<T: 'static>(&self) -> Option<&T> {
        self.claims.as_deref().and_then(<dyn Any + Send + Sync>::downcast_ref)
    }
}

impl fmt::Debug for Who {
    /// Without the claims: they may say more than a log should hold.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Who")
            .field("user", &self.user)
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}
