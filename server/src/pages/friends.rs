//! The data of the friends page.

use super::qr;
use crate::{
    paging::{PageRequest, TimeKey, decode_cursor},
    state::AppState,
    store::{
        blocks::Block,
        friendships::WithProfile,
        visibilities::{SharedItem, SharedItems},
    },
};
use app::{
    backend::BackendError,
    pages::friends::{Blocked, Friend, FriendsData, Invitation, Request, Requests, Shared, SharedItem as Item},
};
use http::{header::HOST, request::Parts};
use protocol::{id::UserId, limits};
use std::collections::HashMap;

/// The maximum number of friends, of requests in each direction, and of blocks.
const SHOWN: usize = 50;

pub async fn page(
    state: &AppState,
    user: &UserId,
    request: &Parts,
    asked: Option<String>,
    after: Option<String>,
) -> Result<FriendsData, BackendError> {
    let me = state.users.me(user).await?;
    let list = |after| PageRequest::<TimeKey> {
        after,
        limit: SHOWN,
        ..PageRequest::default()
    };
    let after: Option<TimeKey> = after.as_deref().and_then(decode_cursor);
    let is_continued = after.is_some();
    let friends = state.friends.list(user, &list(after)).await?;
    let received = state.friends.received(user, &list(None)).await?;
    let sent = state.friends.sent(user, &list(None)).await?;
    let mut blocked = state.friends.blocked(user, SHOWN as i64 + 1).await?;
    let has_more_blocked = blocked.len() > SHOWN;
    blocked.truncate(SHOWN);
    let ids: Vec<UserId> = friends
        .items
        .iter()
        .map(|friend| friend.friendship.other(user).clone())
        .collect();
    let (shared, mut each) = state.visibilities.shared_with(user, &ids).await?;
    Ok(FriendsData {
        invitation: invitation(state, request, me.friend_code),
        shows: me.friend_activity,
        asked: asked.map(|code| code.chars().take(limits::TITLE_CHARS).collect()),
        received: Requests {
            items: received.items.iter().map(|one| received_request(one, user)).collect(),
            has_more: received.has_more,
        },
        sent: Requests {
            items: sent.items.iter().map(|one| sent_request(one, user)).collect(),
            has_more: sent.has_more,
        },
        next: friends.cursor(),
        friends: friends
            .items
            .into_iter()
            .map(|one| friend(one, user, &mut each))
            .collect(),
        is_continued,
        shared: self::shared(shared),
        blocked: blocked.into_iter().map(self::blocked).collect(),
        has_more_blocked,
    })
}

/// The user's code, and the address of the friends page with it on the host of the request.
fn invitation(state: &AppState, request: &Parts, code: String) -> Invitation {
    let host = request.headers.get(HOST).and_then(|host| host.to_str().ok());
    let scheme = match state.config.refresh_cookie().is_secure() {
        true => "https",
        false => "http",
    };
    let link = format!("{scheme}://{}/friends?code={code}", host.unwrap_or("localhost"));
    Invitation {
        picture: qr::picture(&link),
        code,
        link,
    }
}

fn received_request(one: &WithProfile, user: &UserId) -> Request {
    Request {
        id: one.friendship.id,
        user_id: one.friendship.other(user).clone(),
        name: one.display_name.clone(),
        since: one.friendship.created_at,
        waits: false,
    }
}

/// The profile is the user's own: that of the other user is shown once the request is accepted.
fn sent_request(one: &WithProfile, user: &UserId) -> Request {
    Request {
        name: None,
        ..received_request(one, user)
    }
}

fn friend(one: WithProfile, user: &UserId, each: &mut HashMap<UserId, SharedItems>) -> Friend {
    let user_id = one.friendship.other(user).clone();
    Friend {
        friendship_id: one.friendship.id,
        name: one.display_name,
        since: one.friendship.updated_at,
        shared: shared(each.remove(&user_id).unwrap_or_default()),
        user_id,
        waits: false,
    }
}

fn shared(items: SharedItems) -> Shared {
    let item = |item: SharedItem| Item {
        kind: item.kind,
        title: item.title,
        level: item.level,
    };
    Shared {
        count: items.count,
        items: items.newest.into_iter().map(item).collect(),
    }
}

fn blocked((block, name): (Block, Option<String>)) -> Blocked {
    Blocked {
        user_id: block.blocked,
        name,
        waits: false,
    }
}
