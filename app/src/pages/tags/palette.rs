//! The colours that are offered for tags and groups.

/// A dozen colours, each with a contrast of at least 3:1 against every background of both themes (WCAG 2.2, 1.4.11).
/// Their names are `TagsTexts::colors`.
pub const PALETTE: [&str; 12] = [
    "#D0473B", "#C4621A", "#A47A0C", "#7C8A1E", "#3F9142", "#1E8E6E", "#1A8A99", "#3D82C4", "#6C72D0", "#9563C7",
    "#C2529A", "#7F837A",
];

/// The colour for the next one of so many things.
pub fn next_color(count: usize) -> &'static str {
    // Neighbours in the palette are alike: a step of five visits all twelve.
    PALETTE[(4 + count * 5) % PALETTE.len()]
}

/// A colour of three or six digits with six, as `<input type=color>` takes it.
pub fn six_digits(color: &str) -> String {
    match color.strip_prefix('#') {
        Some(digits) if digits.len() == 3 => {
            let doubled = digits.chars().flat_map(|digit| [digit, digit]);
            std::iter::once('#').chain(doubled).collect()
        }
        _ => color.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    /// Relative luminance (WCAG 2.2).
    fn luminance(color: &str) -> f64 {
        let channel = |from: usize| {
            let value = f64::from(u8::from_str_radix(&color[from..from + 2], 16).unwrap()) / 255.0;
            match value <= 0.04045 {
                true => value / 12.92,
                false => ((value + 0.055) / 1.055).powf(2.4),
            }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    #[test]
    fn every_colour_stands_on_the_backgrounds_of_both_themes() {
        let tokens = include_str!("../../../../style/css/tokens.css");
        let is_background = |line: &&str| {
            let name = line.trim_start();
            ["--paper:", "--surface:", "--sunken:"]
                .iter()
                .any(|token| name.starts_with(token))
        };
        let backgrounds: Vec<&str> = tokens
            .lines()
            .filter(is_background)
            // `light-dark(#f6f3ec, #121613)`
            .flat_map(|line| line.split('#').skip(1))
            .filter_map(|value| value.get(..6))
            .collect();
        assert!(backgrounds.len() >= 6, "{backgrounds:?}");
        for color in PALETTE {
            for background in &backgrounds {
                let (one, other) = (luminance(color), luminance(&format!("#{background}")));
                let contrast = (one.max(other) + 0.05) / (one.min(other) + 0.05);
                assert!(contrast >= 3.0, "{color} on #{background}: {contrast}");
            }
        }
    }

    #[test]
    fn the_first_dozen_things_have_a_dozen_colours() {
        let colors: HashSet<&str> = (0..12).map(next_color).collect();
        assert_eq!(colors.len(), 12);
    }

    #[test]
    fn three_digits_are_doubled() {
        assert_eq!(six_digits("#0AF"), "#00AAFF");
        assert_eq!(six_digits("#3F9142"), "#3F9142");
    }
}
