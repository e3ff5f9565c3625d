//! The server's components, built once and shared by all requests.

use crate::{
    auth::{
        access_token::AccessTokens, oidc::Oidc, refresh_token::RefreshKeys, secret, subjects::Subjects,
        verifier::Verifier,
    },
    config::Config,
    limits::Limits,
    metrics::{HttpMetrics, JobMetrics},
    origins::Origins,
    service::{
        accounts::{AccountSettings, Accounts, Keys},
        effects::EventPublisher,
        friends::{Activity, Friends, RelationshipCache},
        notifications::Notifications,
        preferences::PreferencesService,
        profiles::Profiles,
        schedules::Schedules,
        sessions::Sessions,
        streams::{self, SharedRooms, TimerStreams},
        tags::Tags,
        timers::Timers,
        todos::Todos,
        users::Users,
        visibility::Visibilities,
    },
    store::{Store, users},
};
use anyhow::anyhow;
use axum::extract::FromRef;
use futures_util::FutureExt;
use hub::{Bus, Hub, LocalBus, NatsBus};
use leptos::config::LeptosOptions;
use prometheus_client::registry::Registry;
use std::{ops::Deref, sync::Arc};

/// The components.
pub struct App {
    pub config: Config,
    pub store: Store,
    pub hub: Hub,
    /// The metrics of `GET /metrics`.
    pub metrics: Registry,
    /// The metrics of requests.
    pub http_metrics: HttpMetrics,
    /// The metrics of periodic jobs.
    pub job_metrics: JobMetrics,
    /// Verifies access tokens.
    pub verifier: Verifier,
    /// The rate limits.
    pub limits: Limits,
    /// The allowed origins.
    pub origins: Origins,
    /// The profiles of all users.
    pub profiles: Profiles,
    /// The built-in accounts.
    pub accounts: Accounts,
    /// The ended sessions.
    pub sessions: Sessions,
    pub tags: Tags,
    pub schedules: Schedules,
    pub todos: Todos,
    pub timers: Timers,
    /// The callers' own profiles.
    pub users: Users,
    /// The preferences of all users.
    pub preferences: PreferencesService,
    /// Friendships and requests.
    pub friends: Friends,
    pub notifications: Notifications,
    /// Live messages to friends and to users with access.
    pub activity: Activity,
    /// The visibility settings.
    pub visibilities: Visibilities,
    /// The options of the site's files.
    pub site: LeptosOptions,
}

/// The components, shared.
#[derive(Clone)]
pub struct AppState(Arc<App>);

impl AppState {
    /// Opens the database and builds all components.
    ///
    /// # Errors
    /// When the database, the key or the bus between nodes cannot be opened.
    pub async fn open(config: Config, site: LeptosOptions) -> anyhow::Result<Self> {
        let store = Store::open(&config.database).await?.with_quotas(config.quotas);
        let secret = secret::load(&config, &store).await?;
        let previous = config.jwt_secret_previous.as_ref();
        let keys = Keys {
            access: AccessTokens::new(&secret, previous),
            refresh: RefreshKeys::new([&secret].into_iter().chain(previous)),
        };
        let mut metrics = Registry::with_prefix("lockstep");
        let hub = Hub::builder_with(bus(&config, &store).await?)
            .scope(streams::TIMERS, TimerStreams { store: store.clone() })
            .scope(streams::SHARED, SharedRooms)
            .scope(streams::CHANGES, SharedRooms)
            .metrics(&mut metrics)
            .build();
        let oidc = config.oidc.as_ref().map(Oidc::new).transpose()?;
        if let Some(oidc) = &oidc {
            assign_issuer(&store, oidc.issuer()).await?;
        }
        let sessions = Sessions::new(store.clone(), hub.clone());
        let built_in = config.accounts_enabled.then(|| (keys.access.clone(), sessions.clone()));
        let verifier = Verifier::new(built_in, oidc, Subjects::new(store.clone()));
        let limits = Limits::new(&config.limits)?;
        let origins = Origins::new(&config.allowed_origins);
        let relationships = RelationshipCache::new(store.clone(), hub.clone());
        let activity = Activity::start(store.clone(), hub.clone(), relationships.clone());
        let publisher = EventPublisher::new(
            store.clone(),
            hub.clone(),
            activity.clone(),
            relationships.clone(),
            sessions.clone(),
        );
        let settings = AccountSettings {
            enabled: config.accounts_enabled,
            sign_ups: config.sign_ups,
        };
        let accounts = Accounts::new(store.clone(), keys, settings, publisher.clone(), limits.clone());
        let (http_metrics, job_metrics) = (HttpMetrics::default(), JobMetrics::default());
        http_metrics.register(&mut metrics);
        job_metrics.register(&mut metrics);
        store.register_metrics(&mut metrics);
        limits.register_metrics(&mut metrics);
        accounts.register_metrics(&mut metrics);
        if !config.accounts_enabled {
            accounts.end_all_sessions().await?;
        }
        let profiles = Profiles::new(store.clone());
        let tags = Tags::new(store.clone(), publisher.clone());
        let schedules = Schedules::new(store.clone(), publisher.clone());
        let todos = Todos::new(store.clone(), publisher.clone());
        let timers = Timers::new(store.clone(), publisher.clone());
        let users = Users::new(store.clone(), publisher.clone());
        let preferences = PreferencesService::new(store.clone(), publisher.clone());
        let friends = Friends::new(store.clone(), publisher.clone(), relationships);
        let notifications = Notifications::new(store.clone(), publisher.clone());
        let visibilities = Visibilities::new(store.clone(), publisher);
        Ok(Self(Arc::new(App {
            config,
            store,
            hub,
            metrics,
            http_metrics,
            job_metrics,
            verifier,
            limits,
            origins,
            profiles,
            accounts,
            sessions,
            tags,
            schedules,
            todos,
            timers,
            users,
            preferences,
            friends,
            notifications,
            activity,
            visibilities,
            site,
        })))
    }
}

/// Assigns users of earlier releases, which stored no issuer, to the configured issuer, unless they have a built-in
/// account.
async fn assign_issuer(store: &Store, issuer: &Arc<str>) -> anyhow::Result<()> {
    let assigned = issuer.clone();
    let users = store
        .writer()
        .write(move |conn| async move { users::assign_issuer(conn, &assigned).await }.boxed())
        .await?;
    if users > 0 {
        tracing::info!(users, %issuer, "users of earlier releases were assigned to this issuer");
    }
    Ok(())
}

/// The bus between nodes. Nodes of one database form a group, whatever else uses the NATS servers.
async fn bus(config: &Config, store: &Store) -> anyhow::Result<Arc<dyn Bus>> {
    let Some(servers) = &config.nats else {
        return Ok(Arc::new(LocalBus));
    };
    let bus = NatsBus::connect(&servers.addresses, servers.options(), store.epoch()).await;
    // Its cause repeats the same.
    let bus = bus.map_err(|error| anyhow!("NATS_URL: cannot connect to {servers}: {}", error.kind()))?;
    tracing::info!(%servers, "connected to NATS");
    Ok(Arc::new(bus))
}

impl Deref for AppState {
    type Target = App;
    fn deref(&self) -> &App {
        &self.0
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.site.clone()
    }
}
