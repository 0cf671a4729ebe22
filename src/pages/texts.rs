//! What the pages say. A text that a language lacks does not compile.

mod arabic;
mod brazilian_portuguese;
mod english;
mod french;
mod german;
mod japanese;
mod simplified_chinese;
mod spanish;

use crate::language::Language;

/// The texts of both pages. A `{}` is where [`with_number`] puts a number of characters.
#[derive(Debug)]
pub(super) struct Texts {
    pub(super) reset_title: &'static str,
    pub(super) new_password: &'static str,
    pub(super) password_hint: &'static str,
    pub(super) show_password: &'static str,
    pub(super) user_id: &'static str,
    pub(super) pending_code: &'static str,
    pub(super) pending_code_hint: &'static str,
    pub(super) change_password: &'static str,
    pub(super) please_wait: &'static str,
    pub(super) changed_title: &'static str,
    pub(super) changed_text: &'static str,
    pub(super) log_in: &'static str,

    pub(super) link_dead: &'static str,
    pub(super) request_new_link: &'static str,
    pub(super) too_short: &'static str,
    pub(super) too_long: &'static str,
    pub(super) too_common: &'static str,
    pub(super) contains_user_name: &'static str,
    pub(super) contains_service_name: &'static str,
    pub(super) too_many_attempts: &'static str,
    pub(super) unclear: &'static str,
    pub(super) server_error: &'static str,
    pub(super) account_gone: &'static str,
    pub(super) invalid: &'static str,
    pub(super) no_answer: &'static str,

    pub(super) forgot_title: &'static str,
    pub(super) forgot_text: &'static str,
    pub(super) user_name: &'static str,
    pub(super) send_email: &'static str,
    pub(super) sent_title: &'static str,
    pub(super) sent_text: &'static str,
    pub(super) invalid_user_name: &'static str,
    pub(super) not_sent: &'static str,
}

/// The texts in a language.
pub(super) const fn texts(language: Language) -> &'static Texts {
    match language {
        Language::English => &english::TEXTS,
        Language::German => &german::TEXTS,
        Language::French => &french::TEXTS,
        Language::Spanish => &spanish::TEXTS,
        Language::BrazilianPortuguese => &brazilian_portuguese::TEXTS,
        Language::Japanese => &japanese::TEXTS,
        Language::SimplifiedChinese => &simplified_chinese::TEXTS,
        Language::Arabic => &arabic::TEXTS,
    }
}

/// A text with a number in the place of its `{}`.
pub(super) fn with_number(text: &str, number: usize) -> String {
    text.replacen("{}", &number.to_string(), 1)
}
