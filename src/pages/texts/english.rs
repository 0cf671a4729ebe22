//! The pages in English.

use super::Texts;

pub(super) const TEXTS: Texts = Texts {
    reset_title: "Choose a new password",
    new_password: "New password",
    password_hint: "At least {} characters. A few unrelated words are easy to remember.",
    show_password: "Show password",
    user_id: "User ID",
    pending_code: "Code from the e-mail",
    pending_code_hint: "Copy it from the e-mail that we sent you.",
    change_password: "Change password",
    please_wait: "Please wait…",
    changed_title: "Your password has been changed",
    changed_text: "You have been logged out on all devices. You can now log in with your new password.",
    log_in: "Log in",

    link_dead: "This link does not work, or no longer works. A link works only once and only for a short time.",
    request_new_link: "Request a new link",
    too_short: "This password is too short. Please use at least {} characters.",
    too_long: "This password is too long. Please use at most {} characters.",
    too_common: "This password is too common, or resembles one that is. Please choose another one.",
    contains_user_name: "This password contains your user name. Please choose one without it.",
    contains_service_name: "This password contains the name of this service. Please choose one without it.",
    too_many_attempts: "Too many attempts. Please wait a minute, then try again.",
    unclear: "We cannot tell whether your password has been changed. Please try to log in with the new one. If that does not work, open the link in the e-mail again.",
    server_error: "Something went wrong on our side. Your password has not been changed, and your link still works. Please try again in a minute.",
    account_gone: "This account no longer exists. Please contact our support.",
    invalid: "Something is missing or incomplete. Please fill in every field, and copy the whole code from the e-mail.",
    no_answer: "We received no answer. Please check your connection, then try again.",

    forgot_title: "Forgot your password?",
    forgot_text: "Enter your user name. We will send you an e-mail with a link to choose a new password.",
    user_name: "User name",
    send_email: "Send e-mail",
    sent_title: "Check your e-mail",
    sent_text: "If there is an account with this user name, an e-mail with a link is on its way. The link works only once and only for a short time. If nothing arrives within a few minutes, please look in your spam folder.",
    invalid_user_name: "Please enter your user name.",
    not_sent: "Something went wrong on our side, and no e-mail has been sent. Please try again in a minute.",
};
