//! Colors, and the contrast between them (WCAG 2.2).

/// The contrast that text must have at least (WCAG 2.2, success criterion 1.4.3, level AA).
const MIN_CONTRAST: f64 = 4.5;

/// A color in sRGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Color {
    red: u8,
    green: u8,
    blue: u8,
}

impl Color {
    /// Black.
    pub const BLACK: Self = Self::rgb(0, 0, 0);
    /// White.
    pub const WHITE: Self = Self::rgb(255, 255, 255);

    /// Creates a color.
    #[must_use]
    pub const fn rgb(red: u8, green: u8, blue: u8) -> Self {
        Self { red, green, blue }
    }

    /// Parses `#rrggbb`. Returns `None` if the text is anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
        let part = |index: usize| {
            let part = digits.get(index..index + 2)?;
            part.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u8::from_str_radix(part, 16).ok())?
        };
        Some(Self::rgb(part(0)?, part(2)?, part(4)?))
    }

    /// Returns the color as `#rrggbb`.
    #[must_use]
    pub fn hex(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }

    /// Returns black or white, whichever contrasts more. Against any color, one of them is readable.
    #[must_use]
    pub fn text(self) -> Self {
        if self.contrast(Self::WHITE) >= self.contrast(Self::BLACK) { Self::WHITE } else { Self::BLACK }
    }

    /// Returns this color, or the nearest one towards `end` that is readable on `ground`.
    #[must_use]
    pub fn readable_on(self, ground: Self, end: Self) -> Self {
        (0..=100)
            .map(|percent| self.mixed(end, percent))
            .find(|color| color.contrast(ground) >= MIN_CONTRAST)
            .unwrap_or(end)
    }

    /// Returns this color with so many percent of another.
    #[must_use]
    pub fn mixed(self, other: Self, percent: u16) -> Self {
        let mix = |one: u8, two: u8| {
            let sum = u16::from(one) * (100 - percent) + u16::from(two) * percent;
            u8::try_from((sum + 50) / 100).unwrap_or(u8::MAX)
        };
        Self::rgb(mix(self.red, other.red), mix(self.green, other.green), mix(self.blue, other.blue))
    }

    /// Returns the contrast ratio, from 1 to 21.
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// Returns the relative luminance.
    fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_six_hexadecimal_digits_are_a_color() {
        assert_eq!(Color::parse("#1A56c4"), Some(Color::rgb(0x1a, 0x56, 0xc4)));
        for invalid in
            ["", "#", "1a56c4", "#1a5", "#1a56c4ff", "#1a56cg", "#+1+2+3", "red", "#1a56c4 ", "#é56c4"]
        {
            assert_eq!(Color::parse(invalid), None, "{invalid}");
        }
    }

    #[test]
    fn the_contrast_is_that_of_wcag() {
        for (one, two, contrast) in [
            ("#000000", "#ffffff", 21.0),
            ("#ffffff", "#ffffff", 1.0),
            // The lightest grey that passes, and the next one.
            ("#767676", "#ffffff", 4.54),
            ("#777777", "#ffffff", 4.48),
            ("#ff0000", "#ffffff", 4.00),
            ("#0000ff", "#ffffff", 8.59),
            // So dark that the luminance is linear.
            ("#0a0a0a", "#000000", 1.06),
        ] {
            let ratio = Color::parse(one).unwrap().contrast(Color::parse(two).unwrap());
            assert!((ratio - contrast).abs() < 0.01, "{one} {two}: {ratio}");
        }
    }

    #[test]
    fn colors_are_mixed_by_percent() {
        let [black, white] = ["#000000", "#ffffff"].map(|color| Color::parse(color).unwrap());
        for (percent, mixed) in [(0, "#ffffff"), (50, "#808080"), (75, "#404040"), (100, "#000000")] {
            assert_eq!(white.mixed(black, percent).hex(), mixed);
        }
    }

    proptest! {
        #[test]
        fn text_on_any_color_is_readable(red: u8, green: u8, blue: u8) {
            let color = Color::rgb(red, green, blue);
            prop_assert!(color.contrast(color.text()) >= MIN_CONTRAST);
            prop_assert_eq!(Color::parse(&color.hex()), Some(color));
        }

        #[test]
        fn a_color_is_changed_until_it_is_readable_and_no_further(red: u8, green: u8, blue: u8) {
            let color = Color::rgb(red, green, blue);
            for (ground, end) in [(Color::WHITE, Color::BLACK), (Color::BLACK, Color::WHITE)] {
                let readable = color.readable_on(ground, end);
                prop_assert!(readable.contrast(ground) >= MIN_CONTRAST);
                prop_assert!(readable == color || color.contrast(ground) < MIN_CONTRAST);
            }
        }
    }
}
