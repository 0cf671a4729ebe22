//! The parts that every e-mail has.

use std::fmt;

use askama::Template;

/// An e-mail without its addresses. Its `Debug` omits the bodies, which may contain a code.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// The subject, on one line.
    pub subject: String,
    /// The body as plain text.
    pub text: String,
    /// The body as an HTML document.
    pub html: String,
}

impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mail").field("subject", &self.subject).finish_non_exhaustive()
    }
}

/// Joins the paragraphs of a text.
pub(super) fn paragraphs(paragraphs: &[&str]) -> String {
    paragraphs.join("\n\n") + "\n"
}

/// Renders the HTML of an e-mail.
#[expect(
    clippy::expect_used,
    reason = "writing to a String does not fail, and the templates only print strings and plain values"
)]
pub(super) fn render(template: &impl Template) -> String {
    template.render().expect("the template renders")
}
