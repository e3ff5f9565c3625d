//! How much a read may still do to find occurrences.

use super::{MOST_CANDIDATES, RuleError};

/// What one candidate costs, in steps.
const CANDIDATE_WORK: u64 = 4;
/// The default work: enough for any one rule.
const WORK: u64 = 1_000_000;

/// What is left of the candidates of one rule, and of the work of all rules of a read. The unit of work is a step of a
/// rule: it costs less than a microsecond.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    candidates: usize,
    work: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Self::new(WORK)
    }
}

impl Budget {
    /// For one rule, with the work that is left of a read.
    pub fn new(work: u64) -> Self {
        Self {
            candidates: MOST_CANDIDATES,
            work,
        }
    }

    /// What is left for the next rule.
    pub fn work_left(&self) -> u64 {
        self.work
    }

    /// For one candidate.
    ///
    /// # Errors
    /// [`RuleError::TooMany`] where nothing is left.
    pub(super) fn take(&mut self) -> Result<(), RuleError> {
        self.candidates = self.candidates.checked_sub(1).ok_or(RuleError::TooMany)?;
        self.spend(CANDIDATE_WORK)
    }

    /// For steps, with or without an occurrence.
    ///
    /// # Errors
    /// [`RuleError::TooMany`] where too little is left; then nothing is.
    pub fn spend(&mut self, steps: u64) -> Result<(), RuleError> {
        let left = self.work.checked_sub(steps);
        self.work = left.unwrap_or(0);
        left.map(drop).ok_or(RuleError::TooMany)
    }
}
