//! Spans that overlap stand side by side.

/// The least length with which a span takes up room, so that short ones do not cover each other.
pub const LEAST: i64 = 20;

/// The place of a span beside those that it overlaps: its lane, and the number of lanes there.
pub type Lane = (usize, usize);

/// The lanes of spans, which are ordered by their beginning.
pub fn lanes(spans: &[(i64, i64)]) -> Vec<Lane> {
    let mut lanes: Vec<Lane> = Vec::with_capacity(spans.len());
    // The ends of the lanes of spans that overlap each other, and the first of these spans.
    let (mut ends, mut first): (Vec<i64>, usize) = (Vec::new(), 0);
    for (place, (from, until)) in spans.iter().enumerate() {
        if ends.iter().all(|end| end <= from) {
            close(&mut lanes, first, ends.len());
            ends.clear();
            first = place;
        }
        let until = (*until).max(from + LEAST);
        let lane = match ends.iter().position(|end| end <= from) {
            Some(lane) => lane,
            None => {
                ends.push(until);
                ends.len() - 1
            }
        };
        if let Some(end) = ends.get_mut(lane) {
            *end = until;
        }
        lanes.push((lane, 0));
    }
    close(&mut lanes, first, ends.len());
    lanes
}

fn close(lanes: &mut [Lane], first: usize, count: usize) {
    for lane in lanes.iter_mut().skip(first) {
        lane.1 = count;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_that_do_not_overlap_have_the_whole_width() {
        assert_eq!(lanes(&[(0, 60), (60, 120), (200, 260)]), [(0, 1), (0, 1), (0, 1)]);
        assert_eq!(lanes(&[]), []);
    }

    #[test]
    fn spans_that_overlap_share_the_width() {
        assert_eq!(
            lanes(&[(0, 120), (30, 60), (60, 90), (80, 130), (130, 190)]),
            [(0, 3), (1, 3), (1, 3), (2, 3), (0, 1)]
        );
    }

    #[test]
    fn short_spans_do_not_cover_each_other() {
        assert_eq!(lanes(&[(0, 5), (5, 10), (30, 40)]), [(0, 2), (1, 2), (0, 1)]);
    }
}
