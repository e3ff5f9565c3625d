//! `GET /.well-known/security.txt`: contacts for reporting vulnerabilities (RFC 9116).

use crate::rest::http::error::{ApiError, DetailError};
use crate::{clock, config::SecurityContacts, state::AppState};
use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use protocol::time::Timestamp;

/// The file's validity in milliseconds: less than the year that RFC 9116, 2.5.5 recommends as the maximum.
const VALID_MILLIS: i64 = 180 * 24 * 60 * 60 * 1000;

/// The contacts of SECURITY_CONTACT, in the form of RFC 9116.
#[utoipa::path(get, path = "/.well-known/security.txt", tag = "server", operation_id = "get_security_txt",
    responses(
        (status = 200, description = "Contacts for reporting vulnerabilities.", body = String, content_type = "text/plain"),
        (status = 404, description = "No contact is configured.", body = DetailError),
    ))]
pub async fn security_txt(State(state): State<AppState>) -> Response {
    match &state.config.security_contacts {
        Some(contacts) => {
            let kind = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
            (kind, text(contacts, clock::now())).into_response()
        }
        None => ApiError::detail(StatusCode::NOT_FOUND, "Not Found").into_response(),
    }
}

/// Expires at a whole day, so that the file stays the same for a day.
fn text(contacts: &SecurityContacts, now: Timestamp) -> String {
    let contacts: String = contacts
        .0
        .iter()
        .map(|contact| format!("Contact: {contact}\n"))
        .collect();
    let expires = now.plus_millis(VALID_MILLIS).to_utc().format("%Y-%m-%dT00:00:00Z");
    format!("{contacts}Expires: {expires}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_contact_has_a_line_and_the_file_expires_within_a_year() {
        let contacts = SecurityContacts(vec![
            "mailto:security@example.com".into(),
            "https://example.com/report".into(),
        ]);
        let now = Timestamp::parse_iso("2026-11-26T18:00:00Z").unwrap();
        let expected = "Contact: mailto:security@example.com\nContact: https://example.com/report\n\
                        Expires: 2027-05-25T00:00:00Z\n";
        assert_eq!(text(&contacts, now), expected);
    }
}
