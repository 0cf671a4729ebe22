//! Turns a template into HTML.

use askama::Template;

/// Renders a page.
#[expect(
    clippy::expect_used,
    reason = "writing to a String does not fail, and the templates only print strings and plain values"
)]
pub(super) fn render(page: &impl Template) -> String {
    page.render().expect("the template renders")
}
