//! The parts that every mail has.

use std::fmt;

use super::letterhead::Letterhead;
use crate::languages::Texts;

/// A mail without its addresses. Its `Debug` omits the bodies, which may contain a code.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// The subject, on one line.
    pub subject: String,
    /// The body as plain text.
    pub text: String,
    /// The body as an HTML document.
    pub html: String,
}

impl Mail {
    /// Appends the same mail in another language. The subject stays.
    #[must_use]
    pub fn followed_by(mut self, other: &Self) -> Self {
        self.text = format!("{}\n* * *\n\n{}", self.text, other.text);
        // Both are documents of the same layout, whose body is one <div> with the language.
        let body = other.html.split_once("<body").and_then(|(_, rest)| rest.split_once('>'));
        let body = body.and_then(|(_, rest)| rest.rsplit_once("</body>")).map(|(body, _)| body);
        if let (Some((before, after)), Some(body)) = (self.html.rsplit_once("</body>"), body) {
            self.html = format!("{before}{body}</body>{after}");
        }
        self
    }
}

impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mail").field("subject", &self.subject).finish_non_exhaustive()
    }
}

/// Joins the paragraphs of a text, and adds those that every mail ends with. The anti-phishing phrase comes late, because a
/// locked phone shows the beginning of a mail.
pub(super) fn with_ending(paragraphs: &[&str], letterhead: &Letterhead<'_>, texts: &Texts) -> String {
    let words = &texts.mails;
    let phrase =
        letterhead.phrase().map(|phrase| format!("{}\n{phrase}\n{}", words.phrase, words.phrase_missing));
    let support = letterhead.support().map(|support| format!("{}: {support}", texts.pages.contact_support));
    let ending = phrase.as_deref().into_iter().chain(support.as_deref()).chain([words.never_ask]);
    let all: Vec<&str> = paragraphs.iter().copied().chain(ending).collect();
    all.join("\n\n") + "\n"
}
