//! The mails that the Worker sends, and their links.

use std::fs;

use crate::{account::Account, secrets, worker::Worker};

impl Worker {
    /// The texts of the mails to a user so far, as wrangler saved them.
    pub fn mails(&self, account: &Account) -> Vec<String> {
        let log = self.log();
        let recipient = format!("To: {}\n", account.email());
        log.split("send_email binding called")
            .filter(|mail| mail.contains(&recipient))
            .filter_map(|mail| mail.lines().find_map(|line| line.strip_prefix("Text: ")))
            .map(|path| fs::read_to_string(path.trim()).unwrap())
            .collect()
    }

    /// Waits for the user's mail number `number`, counted from 1, and returns its text.
    pub async fn mail(&self, account: &Account, number: usize) -> String {
        self.wait_until("a mail", async || self.mails(account).len() >= number).await;
        self.mails(account).remove(number - 1)
    }

    /// Waits until this many of the user's mails are marked as sent.
    pub async fn wait_until_marked(&self, Account { user_id, .. }: &Account, number: usize) {
        let marked = format!("SELECT 1 FROM mails WHERE user_id = '{user_id}' AND sent_at IS NOT NULL");
        self.wait_until("marked mails", async || self.sql(&[&marked]).await.len() >= number).await;
    }

    /// Moves the user's mails back in time, as if this many milliseconds had passed since.
    pub async fn age_mails(&self, Account { user_id, .. }: &Account, millis: u64) {
        let age = format!(
            "UPDATE mails SET reserved_at = reserved_at - {millis}, sent_at = sent_at - {millis},
             lease_until = max(lease_until - {millis}, 0), expires_at = expires_at - {millis}
             WHERE user_id = '{user_id}'"
        );
        self.sql(&[&age]).await;
    }

    /// The link in our mails.
    pub fn link(&self, Account { user_id, code, .. }: &Account) -> String {
        self.url(&format!("/resetPassword#UserId={user_id}&PendingCode={code}"))
    }

    /// The link in a mail, which leads to this Worker.
    pub fn link_in<'a>(&self, mail: &'a str) -> &'a str {
        let start = self.url("/resetPassword#");
        let link = mail.split_whitespace().find(|word| word.starts_with(&start));
        let link = link.unwrap_or_else(|| panic!("no link in {mail}"));
        let (_, code) = link.split_once("&PendingCode=").unwrap();
        secrets::record(code);
        link
    }

    /// The user with the code in a mail.
    pub fn with_code_in(&self, account: &Account, mail: &str) -> Account {
        let link = self.link_in(mail);
        let (start, code) = link.split_once("&PendingCode=").unwrap();
        assert_eq!(start, self.url(&format!("/resetPassword#UserId={}", account.user_id)));
        Account { code: code.parse().unwrap(), ..account.clone() }
    }
}
