//! How signing in ends.

use super::AccountError;
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family},
    registry::Registry,
};
use protocol::rest::account::AccountRefusal;

/// The metrics of built-in accounts.
#[derive(Clone, Default)]
pub(super) struct AccountMetrics {
    sign_ins: Family<Labels, Counter>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    result: &'static str,
}

impl AccountMetrics {
    pub fn register(&self, registry: &mut Registry) {
        registry.register(
            "sign_ins",
            "Attempts to sign in with a password, by how they ended",
            self.sign_ins.clone(),
        );
    }

    pub fn sign_in<T>(&self, result: &Result<T, AccountError>) {
        let result = match result {
            Ok(_) => "succeeded",
            Err(AccountError::Refused(AccountRefusal::WrongCredentials)) => "wrong_credentials",
            Err(AccountError::Refused(AccountRefusal::TooManyAttempts { .. })) => "too_many_attempts",
            Err(AccountError::Refused(_)) => "refused",
            Err(_) => "failed",
        };
        self.sign_ins.get_or_create(&Labels { result }).inc();
    }
}
