//! French. Addresses the reader as “vous”.

use super::{
    direction::Direction,
    plural::Plural,
    texts::{
        ChoosePasswordTexts, LockAccountTexts, LockedMailTexts, MailTexts, NoticeTexts, PageTexts,
        RequestLinkTexts, ResetMailTexts, Texts,
    },
};
use crate::password::Violation;

pub(super) const TAG: &str = "fr";
pub(super) const DIRECTION: Direction = Direction::LeftToRight;

pub(super) static TEXTS: Texts = Texts {
    pages: PageTexts {
        log_in: "Se connecter",
        please_wait: "Veuillez patienter…",
        request_new_link: "Demander un nouveau lien",
        too_many_attempts: "Trop de tentatives. Veuillez patienter une minute, puis réessayer.",
        no_response: "Nous n’avons pas reçu de réponse. Veuillez vérifier votre connexion, puis réessayer.",
        contact_support: "Contacter le service client",
        failed_title: "Une erreur s’est produite",
        page_failed: "Une erreur s’est produite de notre côté. Veuillez recharger cette page.",
        not_configured: "Ce service n’est pas configuré correctement. Veuillez contacter notre service client.",
        not_found_title: "Page introuvable",
        not_found_text: "Il n’y a rien à cette adresse. Pour réinitialiser votre mot de passe, demandez un lien.",
    },
    choose_password: ChoosePasswordTexts {
        title: "Choisissez un nouveau mot de passe",
        new_password: "Nouveau mot de passe",
        password_hint: "Au moins {} caractères. Quelques mots sans rapport entre eux sont faciles à retenir.",
        show_password: "Afficher le mot de passe",
        user_id: "Identifiant utilisateur",
        pending_code: "Code reçu par e-mail",
        pending_code_hint: "Copiez-le depuis l’e-mail que nous vous avons envoyé.",
        change_password: "Modifier le mot de passe",

        changed_title: "Votre mot de passe a été modifié",
        changed_text: "Vous avez été déconnecté de tous vos appareils. Vous pouvez maintenant vous connecter avec votre nouveau mot de passe.",
        withdrawals_held: "Pour votre protection, les retraits sont suspendus pendant au moins {}.",

        link_dead: "Ce lien n’est pas valide ou a expiré. Demandez-en un nouveau.",
        link_dead_after_unclear: "Ce lien ne fonctionne plus. Votre tentative précédente a peut-être modifié votre mot de passe. Veuillez essayer de vous connecter avec le nouveau mot de passe. Si cela ne fonctionne pas, demandez un nouveau lien.",
        rejected: |violation| match violation {
            Violation::TooShort { .. } => "Ce mot de passe est trop court. Utilisez au moins {} caractères.",
            Violation::TooLong => "Ce mot de passe est trop long. Utilisez au plus {} caractères.",
            Violation::Common => {
                "Ce mot de passe est trop courant ou trop proche d’un mot de passe courant. Choisissez-en un autre."
            }
            Violation::Repetitive => "Ce mot de passe se répète. Choisissez-en un autre.",
            Violation::Sequence => {
                "Ce mot de passe est une suite de touches ou de lettres, facile à deviner. Choisissez-en un autre."
            }
            Violation::Breached => {
                "Ce mot de passe figure dans une fuite de données : des attaquants le connaissent. Choisissez-en un que vous n’utilisez nulle part ailleurs."
            }
            Violation::ContainsUserName => {
                "Ce mot de passe contient votre nom d’utilisateur. Choisissez-en un autre."
            }
            Violation::ContainsServiceName => {
                "Ce mot de passe contient le nom de ce service. Choisissez-en un autre."
            }
        },
        unclear: "Nous n’avons pas pu déterminer si votre mot de passe a été modifié. Veuillez essayer de vous connecter avec le nouveau mot de passe. Si cela ne fonctionne pas, ouvrez à nouveau le lien reçu par e-mail.",
        server_error: "Une erreur s’est produite de notre côté. Votre mot de passe n’a pas été modifié et cette tentative n’a pas consommé votre lien. Veuillez réessayer dans une minute.",
        account_gone: "Ce compte n’existe plus. Veuillez contacter notre service client.",
        invalid: "Une information manque ou est incomplète. Remplissez tous les champs et copiez le code de l’e-mail en entier.",
    },
    request_link: RequestLinkTexts {
        title: "Mot de passe oublié\u{202f}?",
        text: "Saisissez votre nom d’utilisateur ou votre adresse e-mail. Nous vous enverrons un e-mail contenant un lien pour choisir un nouveau mot de passe.",
        user_name: "Nom d’utilisateur ou adresse e-mail",
        send_email: "Envoyer l’e-mail",

        sent_title: "Consultez vos e-mails",
        sent_text: "Si le mot de passe de ce nom d’utilisateur ou de cette adresse peut être réinitialisé par e-mail, vous recevrez un lien d’ici quelques minutes. Si le lien d’un e-mail précédent fonctionne encore, il se peut que vous n’en receviez pas d’autre\u{a0}: utilisez l’e-mail le plus récent. Un lien ne sert qu’une fois et n’est valable que peu de temps. Vérifiez aussi vos courriers indésirables.",

        invalid_user_name: "Veuillez saisir votre nom d’utilisateur ou votre adresse e-mail.",
        not_sent: "Une erreur s’est produite de notre côté et aucun e-mail n’a été envoyé. Veuillez réessayer dans une minute.",
        request_unclear: "Nous n’avons pas pu déterminer si votre demande a été acceptée. Si vous ne recevez aucun e-mail d’ici quelques minutes, veuillez réessayer.",
    },
    lock_account: LockAccountTexts {
        title: "Verrouiller votre compte\u{a0}?",
        text: "Si vous n’avez pas modifié votre mot de passe, verrouillez votre compte. Vous serez déconnecté de tous vos appareils, et personne ne pourra se connecter ni réinitialiser le mot de passe tant que notre service client n’aura pas déverrouillé le compte.",
        lock: "Verrouiller mon compte",
        locked_title: "Votre compte est verrouillé",
        locked_text: "Personne ne peut se connecter ni réinitialiser le mot de passe tant que notre service client n’a pas déverrouillé le compte. Veuillez le contacter.",
        link_dead: "Ce lien n’est pas valide ou a expiré. Veuillez contacter notre service client.",
        server_error: "Une erreur s’est produite de notre côté et votre compte n’a pas été verrouillé. Veuillez réessayer dans une minute.",
        unclear: "Nous n’avons pas pu déterminer si votre compte a été verrouillé. Veuillez réessayer\u{a0}: le verrouiller deux fois est sans conséquence.",
    },
    mails: MailTexts {
        minutes: Plural::other("{} minutes").one("{} minute"),
        hours: Plural::other("{} heures").one("{} heure"),
        bare_link: "Si le bouton ne fonctionne pas, copiez cette adresse dans votre navigateur\u{a0}:",
        user_name: "Nom d’utilisateur\u{a0}:",
        phrase: "Votre phrase anti-hameçonnage\u{a0}:",
        phrase_missing: "Si elle est absente d’un e-mail ou différente, cet e-mail ne vient pas de nous.",
        never_ask: "Nos collaborateurs ne vous demanderont jamais votre mot de passe ni un code. Ne les communiquez à personne.",
    },
    reset_mail: ResetMailTexts {
        subject: "Réinitialisez votre mot de passe",
        requested: "Nous avons reçu une demande de réinitialisation du mot de passe de votre compte {}. Si vous êtes à l’origine de cette demande, ouvrez cette page et choisissez un nouveau mot de passe\u{a0}:",
        button: "Choisir un nouveau mot de passe",
        paste_code: "Si la page vous demande un code, collez celui-ci\u{a0}:",
        user_id: "Identifiant utilisateur\u{a0}:",
        lifetime: "Le lien et le code ne fonctionnent qu’une seule fois et sont valables pendant {}.",
        use_newest: "Si vous recevez plusieurs de ces e-mails, utilisez le plus récent.",
        not_you: "Si vous n’êtes pas à l’origine de cette demande, vous pouvez ignorer cet e-mail. Votre mot de passe reste le même.",
    },
    notice: NoticeTexts {
        subject: "Votre mot de passe a été modifié",
        changed: "Le mot de passe de votre compte {} a été modifié et vous avez été déconnecté de tous vos appareils.",
        time: "Date et heure\u{a0}: ",
        country: "Pays\u{a0}: ",
        device: "Appareil\u{a0}: ",
        unknown: "inconnu",
        withdrawals_held: "Pour votre protection, les retraits sont suspendus jusqu’à cette date\u{a0}: ",
        by_you: "Si vous êtes à l’origine de cette modification, vous n’avez rien d’autre à faire. Connectez-vous avec votre nouveau mot de passe.",
        not_by_you_lock: "Si vous n’êtes pas à l’origine de cette modification, verrouillez immédiatement votre compte. Personne ne pourra alors se connecter ni réinitialiser le mot de passe tant que notre service client ne l’aura pas déverrouillé. Ce lien fonctionne pendant 7 jours\u{a0}:",
        not_by_you: "Si vous n’êtes pas à l’origine de cette modification, contactez notre service client et réinitialisez immédiatement votre mot de passe à cette adresse\u{a0}:",
        button: "Réinitialiser le mot de passe",
    },
    locked_mail: LockedMailTexts {
        subject: "Votre compte est verrouillé",
        locked: "Votre compte {} a été verrouillé à l’aide du lien figurant dans notre e-mail concernant votre nouveau mot de passe, et vous avez été déconnecté de tous vos appareils. Personne ne peut se connecter ni réinitialiser le mot de passe.",
        contact: "Pour le faire déverrouiller, contactez notre service client. Nous vérifierons qu’il s’agit bien de vous.",
        not_you: "Si vous ne l’avez pas verrouillé, contactez aussi notre service client\u{a0}: quelqu’un d’autre lit peut-être vos e-mails.",
    },
};
