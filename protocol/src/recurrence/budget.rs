//! The remaining work of a read for expanding series.

use super::{MOST_CANDIDATES, RuleError};

/// The cost of one candidate, in steps.
const CANDIDATE_WORK: u64 = 4;
/// The default work: enough for any single rule.
const WORK: u64 = 1_000_000;

/// The remaining candidates of one series, and the remaining work of all series of a read. The unit of work is a step of
/// a rule, which takes less than 0.1 microseconds.
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
    /// For one series, with the remaining work of a read.
    pub fn new(work: u64) -> Self {
        Self {
            candidates: MOST_CANDIDATES,
            work,
        }
    }

    /// The work that remains for the next series.
    pub fn work_left(&self) -> u64 {
        self.work
    }

    /// Takes one candidate.
    ///
    /// # Errors
    /// [`RuleError::TooMany`] if none is left.
    pub(super) fn take(&mut self) -> Result<(), RuleError> {
        self.candidates = self.candidates.checked_sub(1).ok_or(RuleError::TooMany)?;
        self.spend(CANDIDATE_WORK)
    }

    /// Takes steps, with or without an occurrence.
    ///
    /// # Errors
    /// [`RuleError::TooMany`] if too few are left; then none remain.
    pub fn spend(&mut self, steps: u64) -> Result<(), RuleError> {
        let left = self.work.checked_sub(steps);
        self.work = left.unwrap_or(0);
        left.map(drop).ok_or(RuleError::TooMany)
    }
}
