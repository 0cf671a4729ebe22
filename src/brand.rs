//! What identifies the exchange on pages and in e-mails.

use crate::color::Color;

/// The exchange, as its users know it.
#[derive(Debug, Clone)]
pub struct Brand {
    /// `EXCHANGE_NAME`.
    pub exchange_name: String,
    /// `SUPPORT_URL`: where users reach the exchange's support.
    pub support_url: Option<String>,
    /// `BRAND_COLOR`, or `None` for our own.
    pub color: Option<Color>,
}
