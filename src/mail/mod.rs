//! What the e-mails say: the one with the link, and the one after a reset, each as text and as HTML.
//!
//! The words are in [`languages`](crate::languages), the HTML is in the templates beside this file. The e-mails contain no
//! images, load nothing, and link only to the address they are given. This module knows neither the sender nor the
//! recipient.

mod changed_mail;
mod content;
mod duration;
mod reset_mail;
#[cfg(test)]
mod tests;
mod utc_minute;

pub use self::{
    changed_mail::{ChangedMail, render_changed_mail},
    content::Mail,
    reset_mail::{ResetMail, render_reset_mail},
};
