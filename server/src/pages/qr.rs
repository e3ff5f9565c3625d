//! QR codes as paths of SVG.

use app::pages::friends::QrPicture;
use qrcode::{Color, EcLevel, QrCode};
use std::fmt::Write;

/// A text as a QR code that can be read with 15 percent of it damaged; `None` if it is too long for one.
pub fn picture(text: &str) -> Option<QrPicture> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let size = code.width();
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(size).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if run.first() == Some(&Color::Dark) {
                // Writing to a string cannot fail.
                let _ = write!(path, "M{x} {y}h{0}v1h-{0}z", run.len());
            }
            x += run.len();
        }
    }
    Some(QrPicture { size, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The modules that a path draws, row by row.
    fn drawn(picture: &QrPicture) -> Vec<Vec<bool>> {
        let mut modules = vec![vec![false; picture.size]; picture.size];
        for run in picture.path.split('M').skip(1) {
            let (place, rest) = run.split_once('h').unwrap();
            let (x, y) = place.split_once(' ').unwrap();
            let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
            let length: usize = rest.split_once('v').unwrap().0.parse().unwrap();
            modules[y][x..x + length].fill(true);
        }
        modules
    }

    #[test]
    fn the_path_draws_the_dark_modules() {
        let text = "https://lockstep.example/friends?code=abcdefghijklmnopqrstuvwxyz0123456789-_ABCDE";
        let picture = picture(text).unwrap();
        let code = QrCode::with_error_correction_level(text, EcLevel::M).unwrap();
        let modules = drawn(&picture);
        for y in 0..picture.size {
            for x in 0..picture.size {
                assert_eq!(modules[y][x], code[(x, y)] == Color::Dark, "{x} {y}");
            }
        }
        let finder: Vec<bool> = modules[0][..8].to_vec();
        assert_eq!(finder, [true, true, true, true, true, true, true, false]);
    }

    #[test]
    fn a_text_that_is_too_long_has_no_picture() {
        assert_eq!(picture(&"a".repeat(3_000)), None);
    }
}
