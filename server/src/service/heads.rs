//! Sees to it that no event stays unheard where nobody told of it: a node may end between a commit and its word to the
//! others, and in a cluster of NATS servers a new subscription takes a moment to be known to all. So each node looks now
//! and then how far the logs of its people are; whoever has heard less reads the rest.

use super::delivery;
use crate::{
    hub::{Hub, Message},
    store::{Store, StoreError, events},
};
use protocol::id::UserId;
use std::{collections::HashMap, sync::Arc, time::Duration};

/// Between two looks.
const EVERY: Duration = Duration::from_secs(5);

/// Looks, for ever; returns at once where there are no other nodes.
pub async fn run(store: Store, hub: Hub) {
    if !hub.has_peers() {
        return;
    }
    let mut known = HashMap::new();
    loop {
        tokio::time::sleep(EVERY).await;
        match look(&store, &hub, &known).await {
            Ok(heads) => known = heads,
            Err(error) => tracing::warn!(%error, "how far other nodes are cannot be read; the next look tries again"),
        }
    }
}

/// Tells those whose log has grown since the last look how far it is. How far the logs are now.
async fn look(store: &Store, hub: &Hub, known: &HashMap<UserId, u64>) -> Result<HashMap<UserId, u64>, StoreError> {
    let rooms = hub.room_names();
    let users: Vec<UserId> = rooms.iter().filter_map(|room| delivery::user_of(room)).collect();
    let heads = store.query(async |conn| events::heads(conn, &users).await).await?;
    for (user, head) in &heads {
        if known.get(user) != Some(head) {
            hub.publish(&delivery::user_room(user), &Arc::new(Message::head(*head)), None);
        }
    }
    Ok(heads)
}
