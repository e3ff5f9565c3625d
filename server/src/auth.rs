//! Who somebody is: passwords, access tokens (JWT) and refresh tokens. No SQL and no HTTP routes here.

pub mod access_token;
pub mod attempts;
mod claims;
mod es512;
pub mod identity;
mod jwks;
pub mod oidc;
pub mod password;
pub mod refresh_token;
pub mod secret;
pub mod verifier;
