//! Builds a hub.

use super::{Hub, Inner};
use crate::{
    Bus, Scope, ScopeHandler,
    bus::Subject,
    cluster::{self, Listeners},
    metrics::Metrics,
    presence::Registry,
    rooms::Rooms,
    timer_wheel::TimerWheel,
};
use dashmap::DashMap;
use prometheus_client::registry::Registry as MetricsRegistry;
use std::{
    collections::HashMap,
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};
use tokio::sync::watch;

/// Builds a [`Hub`].
pub struct HubBuilder {
    bus: Arc<dyn Bus>,
    scopes: HashMap<&'static str, (Scope, Arc<dyn ScopeHandler>)>,
    metrics: Metrics,
    recovery_spread: Duration,
}

impl HubBuilder {
    pub(super) fn new(bus: Arc<dyn Bus>) -> Self {
        Self {
            bus,
            scopes: HashMap::new(),
            metrics: Metrics::default(),
            recovery_spread: Duration::from_secs(5),
        }
    }

    /// Registers the handler of a scope.
    ///
    /// # Panics
    /// If the scope has one already.
    #[must_use]
    pub fn scope(mut self, scope: Scope, handler: impl ScopeHandler) -> Self {
        let known = self.scopes.insert(scope.name(), (scope, Arc::new(handler)));
        assert!(known.is_none(), "the scope {} has two handlers", scope.name());
        self
    }

    /// Registers the hub's metrics.
    #[must_use]
    pub fn metrics(self, registry: &mut MetricsRegistry) -> Self {
        self.metrics.register(registry);
        self
    }

    /// The time over which connections are closed after the bus has lost messages for everyone, so that not all clients
    /// reconnect at once.
    #[must_use]
    pub fn recovery_spread(mut self, spread: Duration) -> Self {
        self.recovery_spread = spread;
        self
    }

    /// Starts the hub. Must be called within a tokio runtime.
    pub fn build(self) -> Hub {
        let timer_wheel = Arc::new(TimerWheel::new());
        let metrics = Arc::new(self.metrics);
        let wheel = timer_wheel.clone();
        let inner = Arc::new(Inner {
            bus: self.bus.clone(),
            scopes: self.scopes,
            listeners: Listeners::default(),
            rooms: Rooms::new(self.bus, metrics.clone()),
            presence: Registry::new(),
            metrics,
            recovery_spread: self.recovery_spread,
            all: DashMap::new(),
            timer_wheel,
            clock: tokio::spawn(async move { wheel.run().await }).abort_handle(),
            draining: AtomicBool::new(false),
            connections: watch::Sender::new(0),
        });
        let hub = Arc::downgrade(&inner);
        if inner.bus.has_peers() {
            // The task ends by itself when the hub is dropped.
            tokio::spawn(crate::presence::run(hub.clone()));
        }
        inner.bus.start(Arc::new(move |arrival| {
            if let Some(hub) = hub.upgrade() {
                cluster::on_bus_event(&Hub { inner: hub }, arrival);
            }
        }));
        inner.bus.subscribe(&Subject::Everyone);
        inner.bus.subscribe(&Subject::Presence);
        Hub { inner }
    }
}
