//! SECURITY_CONTACT.

use super::{ConfigError, Vars};
use url::Url;

const NAME: &str = "SECURITY_CONTACT";
const ALLOWED: &str = "mailto:, https:// or tel: addresses with commas between, such as mailto:security@example.com";

/// Where to report a vulnerability, the preferred contact first (RFC 9116, 2.5.3).
#[derive(Clone, Debug)]
pub struct SecurityContacts(pub Vec<String>);

pub(super) fn read(vars: &Vars) -> Result<Option<SecurityContacts>, ConfigError> {
    let entries = vars.list(NAME).into_iter();
    let contacts = entries.map(|entry| contact(&entry).ok_or_else(|| ConfigError::new(NAME, entry, ALLOWED)));
    let contacts = contacts.collect::<Result<Vec<_>, _>>()?;
    Ok((!contacts.is_empty()).then_some(SecurityContacts(contacts)))
}

/// Normalises a contact as a URI, which contains no line breaks.
fn contact(entry: &str) -> Option<String> {
    let url = Url::parse(entry).ok()?;
    let is_contact = match url.scheme() {
        "mailto" => url.path().contains('@'),
        "tel" => url.path().contains(|c: char| c.is_ascii_digit()),
        "https" => url.has_host(),
        _ => false,
    };
    is_contact.then(|| url.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contacts_must_be_mail_web_or_phone_addresses() {
        let read = |value: &str| super::read(&Vars::from_pairs([(NAME, value)])).map_err(|error| error.to_string());
        let contacts = read("mailto:security@example.com, https://example.com/report")
            .unwrap()
            .unwrap();
        assert_eq!(
            contacts.0,
            ["mailto:security@example.com", "https://example.com/report"]
        );
        assert!(read("").unwrap().is_none());
        assert!(!read("mailto:a@b\nExpires: never").unwrap().unwrap().0[0].contains('\n'));
        for wrong in [
            "security@example.com",
            "http://example.com",
            "mailto:nobody",
            "tel:call",
            "javascript:alert(1)",
        ] {
            let line = read(wrong).unwrap_err();
            assert!(
                line.contains(NAME) && line.contains(wrong) && line.contains("mailto:"),
                "{line}"
            );
        }
    }
}
