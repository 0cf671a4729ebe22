//! Texts of others on the support's terminal.

/// Replaces characters with which a user name could move the cursor, add a line, or change the direction of the text.
pub(crate) fn printable(text: &str) -> String {
    let is_harmful = |character: char| {
        character.is_control()
            || matches!(character, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.replace(is_harmful, "\u{fffd}")
}
