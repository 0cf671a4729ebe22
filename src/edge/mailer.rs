//! The e-mail binding `MAILER`.

use std::{pin::pin, time::Duration};

use futures_util::future::{Either, select};
use worker::{
    Delay, EmailAddress, SendEmailBuilder,
    js_sys::{Error, Reflect},
};

use super::runtime::Runtime;
use crate::{
    mail::Mail,
    ports::{Mailer, SendError, Sender},
};

/// How long sending a mail may take: much less than a lease lasts.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The codes of errors that neither a retry nor a change to our configuration can cure
/// (<https://developers.cloudflare.com/email-service/api/send-emails/workers-api/>).
const PERMANENT: [&str; 1] = ["E_RECIPIENT_SUPPRESSED"];

impl Mailer for Runtime {
    async fn send(&self, from: &Sender<'_>, to: &str, mail: &Mail) -> Result<(), SendError> {
        let from = EmailAddress::new(from.name, from.address);
        let message = SendEmailBuilder::builder_with_email_address_and_str(&from, to, &mail.subject)
            .text(&mail.text)
            .html(&mail.html)
            .build();
        let mailer = self.env.send_email("MAILER").map_err(|error| {
            self.log_error(&format!("MAILER: {error}"));
            SendError::Temporary
        })?;
        match select(pin!(mailer.send_with_builder(&message)), Delay::from(TIMEOUT)).await {
            Either::Left((Ok(_), _)) => Ok(()),
            Either::Left((Err(error), _)) => Err(self.send_error(&error)),
            Either::Right(_) => {
                self.log_error("MAILER: no response in time");
                Err(SendError::Unclear)
            }
        }
    }
}

impl Runtime {
    /// Classifies an error. Only an error with a code is known to come from the service, which then has not sent the mail.
    fn send_error(&self, error: &Error) -> SendError {
        let message = String::from(error.message());
        // The message may quote the recipient's address, or the mail with its link and its code.
        let is_quoted = |word: &str| word.contains(['@', '%', '=', '/', '-']);
        let words = message.split_whitespace().map(|word| if is_quoted(word) { "<…>" } else { word });
        let words = words.collect::<Vec<_>>().join(" ");
        let code = Reflect::get(error, &"code".into()).ok().and_then(|code| code.as_string());
        self.log_error(&format!("MAILER: {} {words}", code.as_deref().unwrap_or("no code:")));
        match code.as_deref() {
            Some(code) if PERMANENT.contains(&code) => SendError::Permanent,
            Some(_) => SendError::Temporary,
            None => SendError::Unclear,
        }
    }
}
