//! The pages in German.

use super::Texts;

pub(super) const TEXTS: Texts = Texts {
    reset_title: "Neues Passwort wählen",
    new_password: "Neues Passwort",
    password_hint: "Mindestens {} Zeichen. Einige Wörter ohne Zusammenhang lassen sich leicht merken.",
    show_password: "Passwort anzeigen",
    user_id: "Benutzer-ID",
    pending_code: "Code aus der E-Mail",
    pending_code_hint: "Kopieren Sie ihn aus der E-Mail, die wir Ihnen gesendet haben.",
    change_password: "Passwort ändern",
    please_wait: "Bitte warten …",
    changed_title: "Ihr Passwort wurde geändert",
    changed_text: "Sie wurden auf allen Geräten abgemeldet. Sie können sich jetzt mit Ihrem neuen Passwort anmelden.",
    log_in: "Anmelden",

    link_dead: "Dieser Link funktioniert nicht oder nicht mehr. Ein Link gilt nur einmal und nur für kurze Zeit.",
    request_new_link: "Neuen Link anfordern",
    too_short: "Dieses Passwort ist zu kurz. Bitte verwenden Sie mindestens {} Zeichen.",
    too_long: "Dieses Passwort ist zu lang. Bitte verwenden Sie höchstens {} Zeichen.",
    too_common: "Dieses Passwort ist zu verbreitet oder ähnelt einem verbreiteten. Bitte wählen Sie ein anderes.",
    contains_user_name: "Dieses Passwort enthält Ihren Benutzernamen. Bitte wählen Sie eines ohne ihn.",
    contains_service_name: "Dieses Passwort enthält den Namen dieses Dienstes. Bitte wählen Sie eines ohne ihn.",
    too_many_attempts: "Zu viele Versuche. Bitte warten Sie eine Minute und versuchen Sie es dann erneut.",
    unclear: "Wir können nicht feststellen, ob Ihr Passwort geändert wurde. Bitte versuchen Sie, sich mit dem neuen anzumelden. Gelingt das nicht, öffnen Sie den Link in der E-Mail noch einmal.",
    server_error: "Bei uns ist ein Fehler aufgetreten. Ihr Passwort wurde nicht geändert, und Ihr Link ist weiterhin gültig. Bitte versuchen Sie es in einer Minute erneut.",
    account_gone: "Dieses Konto existiert nicht mehr. Bitte wenden Sie sich an unseren Kundendienst.",
    invalid: "Eine Angabe fehlt oder ist unvollständig. Bitte füllen Sie alle Felder aus und kopieren Sie den ganzen Code aus der E-Mail.",
    no_answer: "Wir haben keine Antwort erhalten. Bitte prüfen Sie Ihre Verbindung und versuchen Sie es erneut.",

    forgot_title: "Passwort vergessen?",
    forgot_text: "Geben Sie Ihren Benutzernamen ein. Wir senden Ihnen eine E-Mail mit einem Link, über den Sie ein neues Passwort wählen können.",
    user_name: "Benutzername",
    send_email: "E-Mail senden",
    sent_title: "Prüfen Sie Ihre E-Mails",
    sent_text: "Wenn es ein Konto mit diesem Benutzernamen gibt, ist eine E-Mail mit einem Link unterwegs. Der Link gilt nur einmal und nur für kurze Zeit. Falls in den nächsten Minuten nichts ankommt, sehen Sie bitte in Ihrem Spam-Ordner nach.",
    invalid_user_name: "Bitte geben Sie Ihren Benutzernamen ein.",
    not_sent: "Bei uns ist ein Fehler aufgetreten, und es wurde keine E-Mail gesendet. Bitte versuchen Sie es in einer Minute erneut.",
};
