//! The files of a SQLite database. They contain private data, so only their user may access them.

use std::{
    ffi::OsString,
    fs::{self, DirBuilder, OpenOptions, Permissions},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

/// The permission bits of other users.
const OTHERS: u32 = 0o077;
/// The database, its write-ahead log and the log's index (SQLite, "Temporary Files Used By SQLite").
const SUFFIXES: [&str; 3] = ["", "-wal", "-shm"];

/// Creates the folder (0700) and the file (0600) if they are missing, and restricts files that others may read.
///
/// # Errors
/// When the folder or the file cannot be created, or files of the database stay accessible to others.
pub fn prepare(database: &Path) -> io::Result<()> {
    if let Some(folder) = database.parent().filter(|folder| *folder != Path::new("")) {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        let mode = fs::metadata(folder)?.permissions().mode();
        if mode & OTHERS != 0 {
            let mode = format!("{:o}", mode & 0o777);
            tracing::warn!(
                ?folder,
                mode,
                "other users can list the folder of the database: restrict it with chmod 700"
            );
        }
    }
    for suffix in SUFFIXES {
        tighten(&with_suffix(database, suffix))?;
    }
    // SQLite gives its other files the mode of this one.
    let mut options = OpenOptions::new();
    options
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(database)?;
    Ok(())
}

fn tighten(file: &Path) -> io::Result<()> {
    let mode = match fs::metadata(file) {
        Ok(metadata) => metadata.permissions().mode(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    if mode & OTHERS == 0 {
        return Ok(());
    }
    fs::set_permissions(file, Permissions::from_mode(mode & !OTHERS & 0o7777))?;
    let mode = format!("{:o}", mode & 0o777);
    tracing::warn!(
        ?file,
        mode,
        "other users could open a file of the database; now only its owner can"
    );
    Ok(())
}

fn with_suffix(database: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(database);
    name.push(suffix);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn new_folders_and_files_are_private() {
        let root = tempfile::tempdir().unwrap();
        let database = root.path().join("a/b/lockstep.db");
        prepare(&database).unwrap();
        assert_eq!(mode(&database), 0o600);
        assert_eq!(mode(database.parent().unwrap()), 0o700);
        assert_eq!(mode(&root.path().join("a")), 0o700);
    }

    #[test]
    fn existing_readable_files_are_restricted_and_keep_their_content() {
        let root = tempfile::tempdir().unwrap();
        let database = root.path().join("lockstep.db");
        for suffix in SUFFIXES {
            let file = with_suffix(&database, suffix);
            fs::write(&file, "content").unwrap();
            fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
        }
        prepare(&database).unwrap();
        for suffix in SUFFIXES {
            let file = with_suffix(&database, suffix);
            assert_eq!(mode(&file), 0o600, "{file:?}");
            assert_eq!(fs::read_to_string(&file).unwrap(), "content");
        }
    }
}
