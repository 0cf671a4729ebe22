//! Why a form was refused, as the user is told.

/// Why a form was refused. `assets/page.js` finds it by the id `problem`.
pub(super) struct Problem {
    pub(super) text: String,
    /// The name of the field that the user can correct, or an empty string.
    pub(super) field: &'static str,
    /// The fewest code points that solve the problem, if that is all it takes.
    pub(super) min_length: Option<usize>,
    /// Whether to link to the page that requests a new link.
    pub(super) offers_new_link: bool,
    /// Whether the text says to contact support.
    pub(super) mentions_support: bool,
}

impl Problem {
    /// Creates a problem that isn't about a field.
    pub(super) fn new(text: &str) -> Self {
        Self::about("", text.to_owned())
    }

    /// Creates a problem with the value of a field.
    pub(super) fn about(field: &'static str, text: String) -> Self {
        Self { text, field, min_length: None, offers_new_link: false, mentions_support: false }
    }
}
