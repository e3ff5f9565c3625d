//! Changes that are made on the page.

use super::NotificationsData;
use crate::page::Edit;
use protocol::{id::NotificationId, notification::NotificationKind, time::Timestamp};
use serde::{Deserialize, Serialize};

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NotificationsEdit {
    Read {
        id: NotificationId,
        at: Timestamp,
    },
    ReadAll {
        at: Timestamp,
    },
    /// Whether the user is told about a kind.
    Tell {
        kind: NotificationKind,
        is_on: bool,
    },
}

impl Edit<NotificationsData> for NotificationsEdit {
    fn apply(&self, data: &mut NotificationsData) {
        match self {
            Self::Read { id, at } => {
                let read = data.items.iter_mut().filter(|item| item.id == *id);
                read.for_each(|item| item.read_at = item.read_at.or(Some(*at)));
            }
            Self::ReadAll { at } => {
                let all = data.items.iter_mut();
                all.for_each(|item| item.read_at = item.read_at.or(Some(*at)));
            }
            Self::Tell { kind, is_on } => data.settings = data.settings.with(*kind, *is_on),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::notification::{EntityType, Notification, NotificationSettings};
    use uuid::Uuid;

    #[test]
    fn what_was_read_stays_read_at_its_time() {
        let at = Timestamp::from_millis;
        let item = |number, read_at| Notification {
            id: NotificationId(Uuid::from_u128(number)),
            kind: NotificationKind::Shared,
            actor: "ben".into(),
            actor_name: None,
            entity_type: EntityType::Task,
            entity_id: String::new(),
            created_at: at(0),
            read_at,
        };
        let mut data = NotificationsData {
            items: vec![item(3, None), item(2, Some(at(1))), item(1, None)],
            next: None,
            is_continued: false,
            settings: NotificationSettings::default(),
        };
        let id = NotificationId(Uuid::from_u128(1));
        NotificationsEdit::Read { id, at: at(5) }.apply(&mut data);
        NotificationsEdit::ReadAll { at: at(7) }.apply(&mut data);
        let read: Vec<_> = data.items.iter().map(|item| item.read_at).collect();
        assert_eq!(read, [Some(at(7)), Some(at(1)), Some(at(5))]);
        let (kind, is_on) = (NotificationKind::Shared, false);
        NotificationsEdit::Tell { kind, is_on }.apply(&mut data);
        assert!(!data.settings.shared && data.settings.friend_request);
    }
}
