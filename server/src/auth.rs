//! Authentication: passwords, access tokens (JWT) and refresh tokens. No SQL and no HTTP routes here.

pub mod access_token;
pub mod attempts;
mod claims;
mod es512;
mod hashing;
mod header;
pub mod identity;
pub mod invitation;
mod issuer_client;
mod jwks;
pub mod oidc;
pub mod password;
pub mod refresh_cookie;
pub mod refresh_token;
pub mod secret;
pub mod subjects;
pub mod verifier;
pub mod weak_password;
