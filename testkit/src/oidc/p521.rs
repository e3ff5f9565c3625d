//! Signs with P-521, which the JWT library does not support.

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::{Value, json};

fn key() -> EcdsaKeyPair {
    let pem = include_str!("../../keys/p521.pem");
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    EcdsaKeyPair::from_pkcs8(&ECDSA_P521_SHA512_FIXED_SIGNING, &STANDARD.decode(body).unwrap()).unwrap()
}

/// The public key in its published form.
pub fn jwk(kid: &str) -> Value {
    let key = key();
    let (x, y) = key.public_key().as_ref()[1..].split_at(66);
    let [x, y] = [x, y].map(|part| URL_SAFE_NO_PAD.encode(part));
    json!({ "kty": "EC", "crv": "P-521", "alg": "ES512", "use": "sig", "kid": kid, "x": x, "y": y })
}

/// A token with these claims.
pub fn sign(kid: &str, claims: &Value) -> String {
    let header = json!({ "alg": "ES512", "typ": "JWT", "kid": kid });
    let parts = [&header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
    let message = parts.join(".");
    let signature = key().sign(&SystemRandom::new(), message.as_bytes()).unwrap();
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
}
