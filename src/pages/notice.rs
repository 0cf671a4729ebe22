//! Why a form was refused, as the user is told.

use askama::Template;

/// Why a form was refused.
pub(super) struct Notice {
    pub(super) text: String,
    /// The name of the field that the user can correct, or an empty string.
    pub(super) field: &'static str,
    /// Whether to link to the page that requests a new link.
    pub(super) offers_new_link: bool,
}

impl Notice {
    /// A notice that isn't about a field.
    pub(super) fn new(text: &str) -> Self {
        Self { text: text.to_owned(), field: "", offers_new_link: false }
    }

    /// A notice about a field.
    pub(super) fn about(field: &'static str, text: String) -> Self {
        Self { text, field, offers_new_link: false }
    }
}

/// Renders a page.
pub(super) fn render(page: &impl Template) -> String {
    // Rendering fails only if a value can't be formatted, and all values are texts and numbers.
    page.render().unwrap_or_default()
}
