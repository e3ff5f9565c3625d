//! `/friends`

mod ask;
mod blocked;
mod data;
mod edit;
mod friend;
mod invitation;
mod requests;
mod state;
mod target;

pub use data::{Blocked, Friend, FriendsData, Invitation, QrPicture, Request, Requests, Shared, SharedItem};
pub use edit::FriendsEdit;

#[cfg(feature = "ssr")]
use crate::{
    backend::{Backend, BackendError},
    page::PageRequest,
};
use crate::{
    components::{Rows, When, move_in_list, rows},
    locale::Locale,
    page::{LivePage, PageData},
    texts::{FriendsTexts, LayoutTexts, texts},
};
use ask::Ask;
use blocked::BlockedUsers;
use friend::FriendRow;
use invitation::InvitationCard;
use leptos::prelude::*;
use requests::{Received, Sent};
use state::FriendsState;

/// The user's friends.
pub struct FriendsPage;

impl LivePage for FriendsPage {
    const PATH: &'static str = "/friends";
    type Data = FriendsData;
    type Edit = FriendsEdit;

    #[cfg(feature = "ssr")]
    async fn load(backend: &dyn Backend, request: &PageRequest<'_>) -> Result<Option<FriendsData>, BackendError> {
        let (asked, after) = (request.query("code"), request.query("after"));
        backend.friends(request.parts, asked, after).await
    }

    fn title(_: &FriendsData, locale: Locale) -> String {
        locale.texts::<LayoutTexts>().friends.to_owned()
    }

    fn view(data: PageData<FriendsData, FriendsEdit>) -> AnyView {
        view! { <Friends data /> }.into_any()
    }
}

#[component]
fn Friends(data: PageData<FriendsData, FriendsEdit>) -> impl IntoView {
    provide_context(FriendsState::new(data));
    let t = texts::<FriendsTexts>();
    view! {
        <div class="page-head">
            <h1>{t.heading}</h1>
            <p class="page-lead">{t.lead}</p>
        </div>
        <div class="columns">
            <div class="people">
                <Ask />
                <Received />
                <FriendList data />
                <Sent />
                <BlockedUsers />
            </div>
            <aside class="side">
                <InvitationCard />
            </aside>
        </div>
    }
    .into_any()
}

#[component]
fn FriendList(data: PageData<FriendsData, FriendsEdit>) -> impl IntoView {
    let t = texts::<FriendsTexts>();
    let friends = move || {
        rows(
            move || data.with(|data| data.friends.iter().map(|friend| friend.user_id.clone()).collect()),
            |id| id.clone(),
            |id| view! { <FriendRow id /> }.into_any(),
        )
    };
    let is_empty = Memo::new(move |_| data.with(|data| data.friends.is_empty()));
    let next = move || data.with(|data| data.next.as_ref().map(|next| format!("/friends?after={next}")));
    view! {
        <section class="people-section" aria-labelledby="friends-list-heading">
            <h2 id="friends-list-heading" tabindex="-1">
                {t.friends}
            </h2>
            <When
                holds=move || !is_empty.get()
                fallback=move || {
                    view! {
                        <div class="empty">
                            <p class="empty-title">{t.empty}</p>
                            <p>{t.empty_hint}</p>
                        </div>
                    }
                        .into_any()
                }
            >
                <ul class="people-list" role="list" on:keydown=move |event| move_in_list(&event)>
                    <Rows each=friends() />
                </ul>
            </When>
            <nav class="more" aria-label=t.more>
                {move || {
                    data.with(|data| data.is_continued)
                        .then(|| {
                            view! {
                                <a class="button" href="/friends">
                                    {t.first}
                                </a>
                            }
                                .into_any()
                        })
                }}
                {move || {
                    next()
                        .map(|href| {
                            view! {
                                <a class="button" href=href>
                                    {t.more}
                                </a>
                            }
                                .into_any()
                        })
                }}
            </nav>
        </section>
    }
    .into_any()
}
