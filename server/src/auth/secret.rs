//! The signing key of built-in tokens, if JWT_SECRET is not set.

use crate::{
    config::{Config, DatabaseUrl, JwtSecret},
    store::Store,
};
use anyhow::Context;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use std::{
    fs,
    io::{ErrorKind, Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

/// JWT_SECRET, or a key that is generated once and stored beside the database, readable by its owner only, so that
/// users stay signed in after a restart.
///
/// # Errors
/// When the key cannot be read or created.
pub async fn load(config: &Config, store: &Store) -> anyhow::Result<JwtSecret> {
    if let Some(secret) = &config.jwt_secret {
        return Ok(secret.clone());
    }
    match &config.database {
        DatabaseUrl::Sqlite(path) => in_file(&path.with_file_name("jwt-secret")),
        DatabaseUrl::Postgres(_) => in_database(store).await,
    }
}

/// With PostgreSQL the key is stored in the database, where all nodes find the same one.
async fn in_database(store: &Store) -> anyhow::Result<JwtSecret> {
    let made = || URL_SAFE_NO_PAD.encode(rand::random::<[u8; 64]>());
    Ok(JwtSecret(store.keep("jwt-secret", made).await?.into_bytes()))
}

fn in_file(path: &Path) -> anyhow::Result<JwtSecret> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    match fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
    {
        Ok(mut file) => {
            let secret: [u8; 64] = rand::random();
            file.write_all(&secret)
                .and_then(|()| file.sync_all())
                .with_context(|| format!("writing {path:?}"))?;
            Ok(JwtSecret(secret.to_vec()))
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let mut secret = Vec::new();
            fs::File::open(path)?
                .read_to_end(&mut secret)
                .with_context(|| format!("reading {path:?}"))?;
            anyhow::ensure!(
                secret.len() >= JwtSecret::MIN_BYTES,
                "{path:?} is too short for a key; delete it, and a new one is made (all users must sign in again)"
            );
            Ok(JwtSecret(secret))
        }
        Err(error) => Err(error).with_context(|| format!("making {path:?}")),
    }
}
