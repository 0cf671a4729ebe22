//! The e-mail binding `MAILER`.

use worker::SendEmailBuilder;

use super::runtime::Runtime;
use crate::{
    mail::Mail,
    ports::{Mailer, Unavailable},
};

impl Mailer for Runtime {
    async fn send(&self, from: &str, to: &str, mail: &Mail) -> Result<(), Unavailable> {
        let message =
            SendEmailBuilder::builder(from, to, &mail.subject).text(&mail.text).html(&mail.html).build();
        let sent = match self.env.send_email("MAILER") {
            Ok(mailer) => {
                mailer.send_with_builder(&message).await.map(|_| ()).map_err(|error| error.message().into())
            }
            Err(error) => Err(error.to_string()),
        };
        sent.map_err(|error: String| {
            // The message may contain the recipient's address, perhaps in another spelling than ours.
            let words =
                error.split(' ').map(|word| if word.contains(['@', '%']) { "<address>" } else { word });
            self.log_error(&format!("MAILER: {}", words.collect::<Vec<_>>().join(" ")));
            Unavailable
        })
    }
}
