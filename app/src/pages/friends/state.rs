//! What the page's parts share: the data, and the changes.

use super::{
    data::FriendsData,
    edit::FriendsEdit,
    target::{RequestTarget, parsed_target},
};
use crate::{
    components::focus_soon,
    locale::Locale,
    navigation::Navigator,
    page::PageData,
    query::percent_encode,
    state::Clock,
    texts::FriendsTexts,
    writes::{Write, Writes, new_id},
};
use leptos::prelude::*;
use protocol::{friend::FriendActivity, id::UserId, rest::MyChanges};
use uuid::Uuid;

/// The page's state, as a context.
#[derive(Clone, Copy)]
pub struct FriendsState {
    pub data: PageData<FriendsData, FriendsEdit>,
    /// The friend whom the tab key reaches.
    pub current: RwSignal<Option<UserId>>,
    locale: Locale,
    clock: Clock,
    navigator: Navigator,
}

impl FriendsState {
    pub fn new(data: PageData<FriendsData, FriendsEdit>) -> Self {
        Self {
            data,
            current: RwSignal::new(None),
            locale: Locale::current(),
            clock: expect_context(),
            navigator: expect_context(),
        }
    }

    fn texts(self) -> &'static FriendsTexts {
        self.locale.texts()
    }

    /// Asks by code, link or address. Returns what to say about it; an error if nobody can be asked by that.
    pub fn ask(self, text: &str) -> Result<&'static str, &'static str> {
        let t = self.texts();
        let target = parsed_target(text).ok_or(t.ask_problem)?;
        let write = Write::post("/v1/friends/requests", &target);
        match target {
            RequestTarget::FriendCode(code) => {
                if self.data.with_untracked(|data| data.invitation.code == code) {
                    return Err(t.own_code);
                }
                let (id, at) = (new_id(), untrack(|| self.clock.now()));
                self.data.edit(FriendsEdit::Ask { id, at }, write);
                if self.data.with_untracked(|data| data.asked.is_some()) {
                    self.navigator.set_query("");
                }
                Ok(t.asked)
            }
            // Whether somebody has the address is not revealed, so nothing is shown as sent.
            RequestTarget::Email(_) => {
                Writes::send(write);
                Ok(t.asked_address)
            }
        }
    }

    pub fn accept(self, id: Uuid) {
        let write = Write::post(format!("/v1/friends/requests/{id}/accept"), &());
        self.data.edit(FriendsEdit::Accept { id }, write);
        focus_soon("friends-list-heading".to_owned());
    }

    pub fn reject(self, id: Uuid) {
        let write = Write::post(format!("/v1/friends/requests/{id}/reject"), &());
        let write = write.undoable(self.texts().rejected.to_owned());
        self.data.edit(FriendsEdit::Withdraw { id }, write);
    }

    pub fn cancel(self, id: Uuid) {
        let write = Write::delete(format!("/v1/friends/requests/{id}"));
        let write = write.undoable(self.texts().cancelled.to_owned());
        self.data.edit(FriendsEdit::Withdraw { id }, write);
    }

    /// Ends a friendship.
    pub fn remove(self, user: &UserId) {
        let t = self.texts();
        let found = self.data.with_untracked(|data| {
            let friend = data.friend(user)?;
            let name = friend.name.as_deref().unwrap_or(t.nameless);
            Some((friend.friendship_id, (t.removed)(name)))
        });
        if let Some((id, sentence)) = found {
            let write = Write::delete(format!("/v1/friends/{id}")).undoable(sentence);
            self.data.edit(FriendsEdit::Remove { id }, write);
            focus_soon("friends-list-heading".to_owned());
        }
    }

    pub fn block(self, user: UserId, name: Option<String>) {
        let t = self.texts();
        let sentence = (t.blocked_now)(name.as_deref().unwrap_or(t.nameless));
        let path = format!("/v1/friends/block/{}", percent_encode(user.as_str()));
        let write = Write::post(path, &()).undoable(sentence);
        self.data.edit(FriendsEdit::Block { user }, write);
        focus_soon("friends-list-heading".to_owned());
    }

    pub fn unblock(self, user: UserId) {
        let path = format!("/v1/friends/block/{}", percent_encode(user.as_str()));
        self.data.edit(FriendsEdit::Unblock { user }, Write::delete(path));
    }

    /// Sets how much of the user's timers friends see.
    pub fn show(self, shown: FriendActivity) {
        let changes = MyChanges {
            friend_activity: Some(shown),
            ..MyChanges::default()
        };
        let write = Write::patch("/v1/users/me", &changes);
        self.data.edit(FriendsEdit::Show { shown }, write);
    }

    /// Has the server choose another code; links with the old one stop working.
    pub fn renew_code(self) {
        let write = Write::post("/v1/users/me/friend-code", &()).undoable(self.texts().code_renewed.to_owned());
        self.data.edit(FriendsEdit::NewCode, write);
    }
}
