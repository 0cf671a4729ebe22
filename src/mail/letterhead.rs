//! What every mail shows, whatever it is about.

use super::phrase::{Phrase, one_line};
use crate::{brand::Brand, color::Color};

/// The color of buttons if the exchange has chosen none.
const DEFAULT_COLOR: Color = Color::rgb(0x1a, 0x56, 0xc4);

/// The exchange that a mail comes from, and the user that it is for.
#[derive(Debug, Clone, Copy)]
pub struct Letterhead<'a> {
    /// The exchange.
    pub brand: &'a Brand,
    /// The user's name, which may contain anything.
    pub user_name: Option<&'a str>,
    /// The user's anti-phishing phrase.
    pub phrase: Option<&'a Phrase>,
}

impl<'a> Letterhead<'a> {
    /// Returns the subject of a mail, which names the exchange.
    pub(super) fn subject(&self, heading: &str) -> String {
        format!("{heading} – {}", self.brand.exchange_name)
    }

    /// Fills in the exchange's name.
    pub(super) fn fill(&self, text: &str) -> String {
        text.replacen("{}", &self.brand.exchange_name, 1)
    }

    /// Returns the user's name as it is shown, or `None` if nothing is left of it.
    pub(super) fn name(&self) -> Option<String> {
        self.user_name.map(one_line).filter(|name| !name.is_empty())
    }

    /// Returns the phrase as it is shown.
    pub(super) fn phrase(&self) -> Option<&'a str> {
        self.phrase.and_then(Phrase::shown)
    }

    /// Returns the color of the button.
    pub(super) fn color(&self) -> String {
        self.brand.color.unwrap_or(DEFAULT_COLOR).hex()
    }

    /// Returns the color of the text on the button.
    pub(super) fn text_color(&self) -> String {
        self.brand.color.unwrap_or(DEFAULT_COLOR).text().hex()
    }

    /// Returns where users reach support: the URL of the link.
    pub(super) fn support_url(&self) -> Option<&'a str> {
        self.brand.support_url.as_deref()
    }

    /// Returns the same for people to read: a URL, or an e-mail address.
    pub(super) fn support(&self) -> Option<&'a str> {
        self.support_url().map(|url| url.strip_prefix("mailto:").unwrap_or(url))
    }
}
