//! The pages, in each language.
//!
//! In scope: what they say. Out of scope: the paths at which they are served, and what happens to a submitted form
//! (`gateway`). The stylesheet and the script are in assets/. The pages work without the script.

mod choose_password;
mod content_security_policy;
mod lock_account;
mod message;
mod problem;
mod request_link;
mod site;
#[cfg(test)]
mod tests;

pub use self::{
    choose_password::{ChoosePassword, UNCLEAR, choose_password},
    content_security_policy::CONTENT_SECURITY_POLICY,
    lock_account::{LockAccount, lock_account},
    message::{
        account_locked, failed, failed_while_changing_password, failed_while_locking_account,
        failed_while_requesting_link, link_requested, misconfigured, not_found, password_changed,
    },
    request_link::{RequestLink, request_link},
    site::{Site, style_sheet},
};
