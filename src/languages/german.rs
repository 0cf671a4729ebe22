//! German. Addresses the reader as “Sie”.

use super::{
    direction::Direction,
    plural::Plural,
    texts::{
        ChoosePasswordTexts, LockAccountTexts, LockedMailTexts, MailTexts, NoticeTexts, PageTexts,
        RequestLinkTexts, ResetMailTexts, Texts,
    },
};
use crate::password::Violation;

pub(super) const TAG: &str = "de";
pub(super) const DIRECTION: Direction = Direction::LeftToRight;

pub(super) static TEXTS: Texts = Texts {
    pages: PageTexts {
        log_in: "Anmelden",
        please_wait: "Bitte warten …",
        request_new_link: "Neuen Link anfordern",
        too_many_attempts: "Zu viele Versuche. Bitte warten Sie eine Minute und versuchen Sie es dann erneut.",
        no_response: "Wir haben keine Antwort erhalten. Bitte prüfen Sie Ihre Verbindung und versuchen Sie es erneut.",
        contact_support: "Support kontaktieren",
        failed_title: "Etwas ist schiefgegangen",
        page_failed: "Bei uns ist ein Fehler aufgetreten. Bitte laden Sie diese Seite neu.",
        not_configured: "Dieser Dienst ist nicht richtig eingerichtet. Bitte wenden Sie sich an den Support.",
        not_found_title: "Seite nicht gefunden",
        not_found_text: "Unter dieser Adresse gibt es nichts. Um Ihr Passwort zurückzusetzen, fordern Sie bitte einen Link an.",
    },
    choose_password: ChoosePasswordTexts {
        title: "Neues Passwort wählen",
        new_password: "Neues Passwort",
        password_hint: "Mindestens {} Zeichen. Einige Wörter ohne Zusammenhang lassen sich leicht merken.",
        show_password: "Passwort anzeigen",
        user_id: "Benutzer-ID",
        pending_code: "Code aus der E-Mail",
        pending_code_hint: "Kopieren Sie ihn aus der E-Mail, die wir Ihnen gesendet haben.",
        change_password: "Passwort ändern",

        changed_title: "Ihr Passwort wurde geändert",
        changed_text: "Sie wurden auf allen Geräten abgemeldet. Sie können sich jetzt mit Ihrem neuen Passwort anmelden.",
        withdrawals_held: "Zu Ihrem Schutz sind Auszahlungen für mindestens {} gesperrt.",

        link_dead: "Dieser Link ist ungültig oder abgelaufen. Fordern Sie einen neuen an.",
        link_dead_after_unclear: "Dieser Link funktioniert nicht mehr. Ihr vorheriger Versuch hat das Passwort möglicherweise geändert. Bitte versuchen Sie, sich mit dem neuen Passwort anzumelden. Gelingt das nicht, fordern Sie einen neuen Link an.",
        rejected: |violation| match violation {
            Violation::TooShort { .. } => "Dieses Passwort ist zu kurz. Verwenden Sie mindestens {} Zeichen.",
            Violation::TooLong => "Dieses Passwort ist zu lang. Verwenden Sie höchstens {} Zeichen.",
            Violation::Common => {
                "Dieses Passwort ist zu verbreitet oder einem verbreiteten zu ähnlich. Wählen Sie ein anderes."
            }
            Violation::Repetitive => "Dieses Passwort wiederholt sich. Wählen Sie ein anderes.",
            Violation::Sequence => {
                "Dieses Passwort ist eine Reihe von Tasten oder Buchstaben und leicht zu erraten. Wählen Sie ein anderes."
            }
            Violation::Breached => {
                "Dieses Passwort ist aus einem Datenleck bekannt, auch Angreifern. Wählen Sie eines, das Sie nirgendwo sonst verwenden."
            }
            Violation::ContainsUserName => {
                "Dieses Passwort enthält Ihren Benutzernamen. Wählen Sie ein anderes."
            }
            Violation::ContainsServiceName => {
                "Dieses Passwort enthält den Namen dieses Dienstes. Wählen Sie ein anderes."
            }
        },
        unclear: "Wir konnten nicht feststellen, ob Ihr Passwort geändert wurde. Bitte versuchen Sie, sich mit dem neuen Passwort anzumelden. Gelingt das nicht, öffnen Sie den Link in der E-Mail noch einmal.",
        server_error: "Bei uns ist ein Fehler aufgetreten. Ihr Passwort wurde nicht geändert, und dieser Versuch hat Ihren Link nicht verbraucht. Bitte versuchen Sie es in einer Minute erneut.",
        account_gone: "Dieses Konto existiert nicht mehr. Bitte wenden Sie sich an den Support.",
        invalid: "Eine Angabe fehlt oder ist unvollständig. Füllen Sie alle Felder aus und kopieren Sie den ganzen Code aus der E-Mail.",
    },
    request_link: RequestLinkTexts {
        title: "Passwort vergessen?",
        text: "Geben Sie Ihren Benutzernamen oder Ihre E-Mail-Adresse ein. Wir senden Ihnen eine E-Mail mit einem Link, über den Sie ein neues Passwort wählen können.",
        user_name: "Benutzername oder E-Mail-Adresse",
        send_email: "E-Mail senden",

        sent_title: "Prüfen Sie Ihre E-Mails",
        sent_text: "Wenn das Passwort für diesen Benutzernamen oder diese Adresse per E-Mail zurückgesetzt werden kann, erhalten Sie in wenigen Minuten einen Link. Falls der Link in einer früheren E-Mail noch gilt, erhalten Sie möglicherweise keinen weiteren: Verwenden Sie die neueste E-Mail. Ein Link gilt nur einmal und nur für kurze Zeit. Sehen Sie auch in Ihrem Spam-Ordner nach.",

        invalid_user_name: "Bitte geben Sie Ihren Benutzernamen oder Ihre E-Mail-Adresse ein.",
        not_sent: "Bei uns ist ein Fehler aufgetreten, und es wurde keine E-Mail gesendet. Bitte versuchen Sie es in einer Minute erneut.",
        request_unclear: "Wir konnten nicht feststellen, ob Ihre Anfrage angenommen wurde. Falls in den nächsten Minuten keine E-Mail ankommt, versuchen Sie es bitte erneut.",
    },
    lock_account: LockAccountTexts {
        title: "Konto sperren?",
        text: "Wenn Sie Ihr Passwort nicht geändert haben, sperren Sie Ihr Konto. Sie werden dabei auf allen Geräten abgemeldet, und niemand kann sich anmelden oder das Passwort zurücksetzen, bis unser Support das Konto entsperrt hat.",
        lock: "Mein Konto sperren",
        locked_title: "Ihr Konto ist gesperrt",
        locked_text: "Niemand kann sich anmelden oder das Passwort zurücksetzen, bis unser Support das Konto entsperrt hat. Bitte wenden Sie sich an den Support.",
        link_dead: "Dieser Link ist ungültig oder abgelaufen. Bitte wenden Sie sich an den Support.",
        server_error: "Bei uns ist ein Fehler aufgetreten, und Ihr Konto wurde nicht gesperrt. Bitte versuchen Sie es in einer Minute erneut.",
        unclear: "Wir konnten nicht feststellen, ob Ihr Konto gesperrt wurde. Bitte versuchen Sie es erneut: Es schadet nicht, es zweimal zu sperren.",
    },
    mails: MailTexts {
        minutes: Plural::other("{} Minuten").one("{} Minute"),
        hours: Plural::other("{} Stunden").one("{} Stunde"),
        bare_link: "Falls die Schaltfläche nicht funktioniert, kopieren Sie diese Adresse in Ihren Browser:",
        user_name: "Benutzername:",
        phrase: "Ihre Anti-Phishing-Phrase:",
        phrase_missing: "Fehlt sie in einer E-Mail oder lautet sie anders, stammt die E-Mail nicht von uns.",
        never_ask: "Unsere Mitarbeiter werden Sie niemals nach Ihrem Passwort oder einem Code fragen. Geben Sie beides an niemanden weiter.",
    },
    reset_mail: ResetMailTexts {
        subject: "Setzen Sie Ihr Passwort zurück",
        requested: "Wir haben eine Anfrage erhalten, das Passwort Ihres Kontos bei {} zurückzusetzen. Wenn diese Anfrage von Ihnen stammt, öffnen Sie diese Seite und wählen Sie ein neues Passwort:",
        button: "Neues Passwort wählen",
        paste_code: "Falls die Seite nach einem Code fragt, fügen Sie diesen ein:",
        user_id: "Benutzer-ID:",
        lifetime: "Link und Code funktionieren nur einmal und sind {} lang gültig.",
        use_newest: "Wenn Sie mehrere dieser E-Mails erhalten, verwenden Sie die neueste.",
        not_you: "Wenn diese Anfrage nicht von Ihnen stammt, können Sie diese E-Mail ignorieren. Ihr Passwort bleibt unverändert.",
    },
    notice: NoticeTexts {
        subject: "Ihr Passwort wurde geändert",
        changed: "Das Passwort Ihres Kontos bei {} wurde geändert, und Sie wurden auf allen Geräten abgemeldet.",
        time: "Datum und Uhrzeit: ",
        country: "Land: ",
        device: "Gerät: ",
        unknown: "unbekannt",
        withdrawals_held: "Zu Ihrem Schutz sind Auszahlungen gesperrt bis: ",
        by_you: "Wenn Sie das waren, ist nichts weiter zu tun. Melden Sie sich mit Ihrem neuen Passwort an.",
        not_by_you_lock: "Wenn Sie das nicht waren, sperren Sie Ihr Konto sofort. Dann kann sich niemand anmelden oder das Passwort zurücksetzen, bis unser Support es entsperrt hat. Dieser Link funktioniert 7 Tage lang:",
        not_by_you: "Wenn Sie das nicht waren, wenden Sie sich an den Support und setzen Sie Ihr Passwort sofort unter dieser Adresse zurück:",
        button: "Passwort zurücksetzen",
    },
    locked_mail: LockedMailTexts {
        subject: "Ihr Konto ist gesperrt",
        locked: "Ihr Konto bei {} wurde über den Link in unserer E-Mail zu Ihrem neuen Passwort gesperrt, und Sie wurden auf allen Geräten abgemeldet. Niemand kann sich anmelden oder das Passwort zurücksetzen.",
        contact: "Um es entsperren zu lassen, wenden Sie sich an den Support. Wir prüfen dann, ob Sie es wirklich sind.",
        not_you: "Wenn Sie es nicht gesperrt haben, wenden Sie sich ebenfalls an den Support: Möglicherweise liest jemand anderes Ihre E-Mails.",
    },
};
