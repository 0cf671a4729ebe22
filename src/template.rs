//! Turns a template into HTML.

use askama::Template;

/// Renders the HTML of a page or a mail.
#[expect(
    clippy::expect_used,
    reason = "writing to a String does not fail, and the templates only print strings and plain values"
)]
pub(crate) fn render(template: &impl Template) -> String {
    template.render().expect("the template renders")
}
