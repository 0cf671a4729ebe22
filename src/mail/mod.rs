//! What the mails say: the reset mail and the notices, each as text and as HTML.
//!
//! The words are in [`languages`](crate::languages), and the HTML is in the templates next to this file. A
//! mail contains no images, loads nothing, and links only to the address that it is given and to the exchange's support. This
//! module knows neither the sender's address nor the recipient's.

mod content;
mod duration;
mod letterhead;
mod locked_mail;
mod notice;
mod phrase;
mod reset_mail;
#[cfg(test)]
mod tests;

pub use self::{
    content::Mail,
    letterhead::Letterhead,
    locked_mail::{LockedMail, render_locked_mail},
    notice::{LockLink, NoticeMail, render_notice_mail},
    phrase::Phrase,
    reset_mail::{ResetMail, render_reset_mail},
};
