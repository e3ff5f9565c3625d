//! Start-up, and errors that prevent it.

use crate::support::output;

#[test]
fn invalid_value_stops_the_start_with_one_line() {
    let folder = tempfile::tempdir().unwrap();
    for (name, value, allowed) in [
        ("PORT", "http", "a whole number from 0 to 65535"),
        ("ENVIRONMENT", "prod", "development, staging, production"),
    ] {
        let output = output(folder.path(), &[(name, value)]);
        let line = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success());
        assert_eq!(line.lines().count(), 1, "{line}");
        for part in [name, value, allowed] {
            assert!(line.contains(part), "{line}");
        }
    }
}

#[test]
fn occupied_port_is_named_in_the_error() {
    let folder = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = output(folder.path(), &[("PORT", &port), ("LOG_LEVEL", "error")]);
    let line = String::from_utf8(output.stderr).unwrap();
    assert!(
        line.contains(&format!("PORT={port}: cannot listen on this address")),
        "{line}"
    );
    assert!(
        folder.path().join("data/lockstep.db").exists(),
        "the default database is below the working directory"
    );
}
