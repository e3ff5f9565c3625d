//! Random choices that depend on a number alone.

use rand::{RngExt, SeedableRng, rngs::StdRng};
use std::ops::Range;

pub struct Random(StdRng);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(StdRng::seed_from_u64(seed))
    }

    /// A number of a range that is not empty.
    pub fn number(&mut self, range: Range<i64>) -> i64 {
        self.0.random_range(range)
    }

    /// Whether something happens that does so in `percent` of 100 cases.
    pub fn percent(&mut self, percent: i64) -> bool {
        self.number(0..100) < percent
    }

    /// One of the items; `None` if there are none.
    pub fn of<'i, T>(&mut self, items: &'i [T]) -> Option<&'i T> {
        match items.len() {
            0 => None,
            len => items.get(self.0.random_range(0..len)),
        }
    }

    /// Up to `most` different ones of the items, in their order.
    pub fn some<T: Copy>(&mut self, items: &[T], most: usize) -> Vec<T> {
        let wanted = self.0.random_range(0..=most);
        let mut places: Vec<usize> = (0..wanted)
            .filter_map(|_| self.of(&Vec::from_iter(0..items.len())).copied())
            .collect();
        places.sort_unstable();
        places.dedup();
        places.into_iter().map(|place| items[place]).collect()
    }
}
