//! The e-mail binding `MAILER`.

use std::{pin::pin, time::Duration};

use futures_util::future::{Either, select};
use worker::{
    Delay, SendEmailBuilder,
    js_sys::{Error, Reflect},
};

use super::runtime::Runtime;
use crate::{
    mail::Mail,
    ports::{Mailer, SendError},
};

/// How long sending a mail may take: much less than a lease lasts.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The codes of errors that don't go away
/// (<https://developers.cloudflare.com/email-service/api/send-emails/workers-api/>).
const PERMANENT: [&str; 3] = ["E_RECIPIENT_SUPPRESSED", "E_RECIPIENT_NOT_ALLOWED", "E_VALIDATION_ERROR"];

impl Mailer for Runtime {
    async fn send(&self, from: &str, to: &str, mail: &Mail) -> Result<(), SendError> {
        let message =
            SendEmailBuilder::builder(from, to, &mail.subject).text(&mail.text).html(&mail.html).build();
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
    fn send_error(&self, error: &Error) -> SendError {
        // The message may contain the recipient's address, perhaps in another spelling than ours.
        let message = String::from(error.message());
        let words = message.split(' ').map(|word| if word.contains(['@', '%']) { "<address>" } else { word });
        let code = Reflect::get(error, &"code".into()).ok().and_then(|code| code.as_string());
        let code = code.unwrap_or_else(|| "no code:".to_owned());
        let words = words.collect::<Vec<_>>().join(" ");
        self.log_error(&format!("MAILER: {code} {words}"));
        if PERMANENT.contains(&code.as_str()) {
            SendError::Permanent
        } else if message.contains("Network connection lost") {
            SendError::Unclear
        } else {
            SendError::Temporary
        }
    }
}
