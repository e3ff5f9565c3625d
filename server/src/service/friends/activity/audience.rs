//! The rooms that receive the changes of a timer, by its visibility (contract, REST 11.3). The rule itself is
//! [`sharing::access`](crate::service::sharing::access); a test compares the two.

use crate::{
    service::{
        friends::Relationships,
        sharing::{Access, Level},
        streams,
    },
    store::visibilities::{EntryKind, Visibility},
};
use hub::RoomId;
use protocol::id::UserId;
use std::collections::HashSet;

/// Rooms whose connections have the same access to a timer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Audience {
    /// A connection is in at most one of them.
    pub rooms: Vec<RoomId>,
    /// Users in the rooms without this access.
    pub except: Vec<UserId>,
    /// The access of all others.
    pub access: Access,
}

/// The audience of a timer, by its visibility and the owner's relationships.
pub(super) fn audiences(setting: &Visibility, relationships: &Relationships) -> Vec<Audience> {
    let to_users = |users: Vec<&UserId>| Audience {
        rooms: users.into_iter().map(streams::shared_with_user).collect(),
        except: Vec::new(),
        access: Access::Shared,
    };
    let friends = || relationships.friends().collect::<Vec<_>>();
    let not_to = |users: Vec<&UserId>| -> Vec<UserId> {
        let owner = [&setting.owner];
        users.into_iter().chain(owner).cloned().collect()
    };
    let blocked = relationships.blocked().collect::<Vec<_>>();
    match setting.level {
        Level::Private => Vec::new(),
        Level::Friends => vec![to_users(friends())],
        Level::Selected => {
            let listed: HashSet<String> = keys(setting, EntryKind::User).collect();
            let chosen = friends().into_iter().filter(|friend| listed.contains(friend.as_str()));
            vec![to_users(chosen.collect())]
        }
        Level::AllowedEmails => {
            let domains: HashSet<String> = keys(setting, EntryKind::Domain).collect();
            let domain_of = |email: &str| email.rsplit_once('@').map(|(_, domain)| domain.to_owned());
            // Addresses of a listed domain receive it in the domain's room.
            let emails: HashSet<String> = keys(setting, EntryKind::Email)
                .filter(|email| domain_of(email).is_none_or(|domain| !domains.contains(&domain)))
                .collect();
            let emails = emails.iter().map(|email| streams::shared_with_email(email));
            let domains = domains.iter().map(|domain| streams::shared_with_domain(domain));
            vec![Audience {
                rooms: emails.chain(domains).collect(),
                except: not_to(blocked),
                access: Access::Shared,
            }]
        }
        Level::Public => {
            let strangers = Audience {
                rooms: vec![streams::shared_with_everyone()],
                except: not_to(friends().into_iter().chain(blocked).collect()),
                access: Access::Public,
            };
            vec![to_users(friends()), strangers]
        }
    }
}

fn keys(setting: &Visibility, kind: EntryKind) -> impl Iterator<Item = String> {
    let entries = setting.entries.iter().filter(move |entry| entry.kind == kind);
    entries.map(|entry| entry.key())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        service::sharing::{Reader, Relation, ResourceKind, access},
        store::visibilities::Entry,
    };
    use protocol::time::Timestamp;
    use uuid::Uuid;

    fn setting(level: Level, entries: &[(EntryKind, &str)]) -> Visibility {
        let entry = |(kind, value): &(EntryKind, &str)| Entry {
            kind: *kind,
            value: (*value).to_owned(),
        };
        Visibility {
            id: Uuid::nil(),
            resource: ResourceKind::Timer,
            resource_id: Uuid::nil(),
            owner: "ada".into(),
            level,
            entries: entries.iter().map(entry).collect(),
            created_at: Timestamp::default(),
            updated_at: Timestamp::default(),
        }
    }

    #[test]
    fn every_reader_is_reached_once_with_the_access_of_the_rule() {
        use EntryKind::{Domain, Email, User};
        let lists = [
            vec![],
            vec![(User, "eve"), (User, "bob"), (User, "stranger")],
            vec![(Email, " Eve@Example.com "), (Email, "stranger@else.org")],
            vec![
                (Domain, "example.com"),
                (Email, "eve@example.com"),
                (Email, "ada@example.com"),
            ],
        ];
        let relations = [("eve", Relation::Friends), ("bob", Relation::Blocked)];
        let relationships = Relationships::of(relations.map(|(user, relation)| (user.into(), relation)));
        for level in [
            Level::Private,
            Level::Friends,
            Level::Selected,
            Level::AllowedEmails,
            Level::Public,
        ] {
            for list in &lists {
                let setting = setting(level, list);
                for user in ["ada", "eve", "bob", "stranger", "other"] {
                    for email in [
                        None,
                        Some(format!("{user}@example.com")),
                        Some(format!("{user}@else.org")),
                    ] {
                        let reader = Reader {
                            user: user.into(),
                            email,
                        };
                        let relation = relationships.relation(&reader.user);
                        // Only the entries of the level are stored.
                        let listed = setting.entries.iter().any(|entry| {
                            let belongs = match level {
                                Level::Selected => entry.kind == User,
                                _ => entry.kind != User,
                            };
                            let only = Visibility {
                                entries: vec![entry.clone()],
                                ..setting.clone()
                            };
                            belongs && only.lists(&reader)
                        });
                        let expected = access(user == "ada", Some(level), relation, listed);
                        let expected = expected.is_shared().then_some(expected);
                        let rooms = streams::rooms_of(&reader);
                        let reached: Vec<Access> = audiences(&setting, &relationships)
                            .into_iter()
                            .filter(|audience| !audience.except.contains(&reader.user))
                            .flat_map(|audience| {
                                let joined = audience.rooms.iter().filter(|room| rooms.contains(room)).count();
                                vec![audience.access; joined]
                            })
                            .collect();
                        assert_eq!(reached, Vec::from_iter(expected), "{level:?} {list:?} {reader:?}");
                    }
                }
            }
        }
    }
}
