//! What every page shows of the exchange.

use crate::{color::Color, settings::Settings};

/// What every page shows of the exchange. The default is what a page shows if the settings aren't known.
#[derive(Debug, Clone, Copy, Default)]
pub struct Site<'a> {
    /// The exchange's name, or an empty string.
    pub exchange_name: &'a str,
    /// Whether the pages have the exchange's color ([`style_sheet`]).
    pub has_color: bool,
    /// Where users log in.
    pub login_url: Option<&'a str>,
    /// Where users reach the exchange's support.
    pub support_url: Option<&'a str>,
}

impl<'a> From<&'a Settings> for Site<'a> {
    fn from(settings: &'a Settings) -> Self {
        Self {
            exchange_name: &settings.brand.exchange_name,
            has_color: settings.brand.color.is_some(),
            login_url: settings.login_url.as_deref(),
            support_url: settings.brand.support_url.as_deref(),
        }
    }
}

/// The ground on which text contrasts least in light mode, and in dark mode: `--ground` and `--card` in assets/page.css.
const LIGHT_GROUND: Color = Color::rgb(0xf3, 0xf5, 0xf9);
const DARK_GROUND: Color = Color::rgb(0x15, 0x1b, 0x27);

/// How much a control changes while the pointer is on it, in percent.
const HOVER: u16 = 15;

/// Returns the stylesheet with the exchange's color. It replaces variables of assets/page.css.
///
/// Buttons have exactly this color. Links have it as far as it is readable in light or dark mode, and otherwise the nearest
/// color that is.
#[must_use]
pub fn style_sheet(color: Option<Color>) -> String {
    let Some(color) = color else { return String::new() };
    let light = color.readable_on(LIGHT_GROUND, Color::BLACK);
    let dark = color.readable_on(DARK_GROUND, Color::WHITE);
    // Away from the text, so that the contrast grows.
    let hovered = color.mixed(if color.text() == Color::WHITE { Color::BLACK } else { Color::WHITE }, HOVER);
    let accents = |accent: Color, end: Color| {
        let (strong, text) = (accent.mixed(end, HOVER), accent.text());
        format!("--accent: {}; --accent-strong: {}; --on-accent: {};", accent.hex(), strong.hex(), text.hex())
    };
    format!(
        ":root {{ --button: {}; --button-strong: {}; --on-button: {}; --mark: {}; {} }}
@media (prefers-color-scheme: dark) {{ :root {{ {} }} }}
",
        color.hex(),
        hovered.hex(),
        color.text().hex(),
        light.hex(),
        accents(light, Color::BLACK),
        accents(dark, Color::WHITE),
    )
}
