//! One timer as its page shows it: to its owner with who may read it, to other readers with the owner's name.

use super::{Extras, TagMode, Timers, VisibleTimer, visible};
use crate::{
    paging::{PageRequest, TimeKey},
    service::sharing::{Access, Reader, ResourceKind},
    store::{
        Conn, StoreError,
        friendships::{self, WithProfile},
        timers, users,
        visibilities::{self, Visibility},
    },
};
use protocol::id::{TimerId, UserId};

/// The maximum number of friends that are offered for sharing, the newest ones.
const OFFERED_FRIENDS: usize = 200;

/// A timer that its reader has opened.
#[derive(Clone, Debug)]
pub struct OpenedTimer {
    /// The timer with its own tags, its schedule and its todo, as far as the reader may see them.
    pub visible: VisibleTimer,
    /// The owner's name, for readers who are no strangers.
    pub owner_name: Option<String>,
    /// Who may read it; only for the owner, if it was set.
    pub visibility: Option<Visibility>,
    /// The owner's friends; only for the owner.
    pub friends: Vec<WithProfile>,
}

impl Timers {
    /// A timer that a user may read, as the account with the verified address of the user's newest token; `None` if there
    /// is none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn opened(&self, user: &UserId, id: TimerId) -> Result<Option<OpenedTimer>, StoreError> {
        self.store
            .read_for(user, async |conn| opened(conn, user, id).await)
            .await
    }
}

async fn opened(conn: &mut Conn, user: &UserId, id: TimerId) -> Result<Option<OpenedTimer>, StoreError> {
    let reader = Reader {
        user: user.clone(),
        email: users::email(conn, user).await?,
    };
    let extras = Extras {
        schedule: true,
        todo: true,
        tags: TagMode::TimerOnly,
    };
    let found = timers::find(conn, id).await?.into_iter().collect();
    let visible = visible::load(conn, &reader, found, extras).await?.pop();
    let Some(visible) = visible.filter(|visible| visible.access.is_readable()) else {
        return Ok(None);
    };
    let mut opened = OpenedTimer {
        visible,
        owner_name: None,
        visibility: None,
        friends: Vec::new(),
    };
    match opened.visible.access {
        Access::Owner { .. } => {
            let page = PageRequest::<TimeKey> {
                limit: OFFERED_FRIENDS,
                ..PageRequest::default()
            };
            opened.visibility = visibilities::find(conn, ResourceKind::Timer, id.0).await?;
            opened.friends = friendships::friends(conn, user, None, &mut page.room()).await?;
        }
        Access::Shared => {
            let owner = users::find(conn, &opened.visible.timer.owner_id).await?;
            opened.owner_name = owner.and_then(|owner| owner.display_name);
        }
        Access::Public | Access::Hidden => {}
    }
    Ok(Some(opened))
}
