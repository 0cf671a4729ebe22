//! The pages in French.

use super::Texts;

pub(super) const TEXTS: Texts = Texts {
    reset_title: "Choisissez un nouveau mot de passe",
    new_password: "Nouveau mot de passe",
    password_hint: "Au moins {} caractères. Quelques mots sans rapport entre eux sont faciles à retenir.",
    show_password: "Afficher le mot de passe",
    user_id: "Identifiant utilisateur",
    pending_code: "Code reçu par e-mail",
    pending_code_hint: "Copiez-le depuis l’e-mail que nous vous avons envoyé.",
    change_password: "Changer le mot de passe",
    please_wait: "Veuillez patienter…",
    changed_title: "Votre mot de passe a été changé",
    changed_text: "Vous avez été déconnecté de tous vos appareils. Vous pouvez maintenant vous connecter avec votre nouveau mot de passe.",
    log_in: "Se connecter",

    link_dead: "Ce lien ne fonctionne pas ou ne fonctionne plus. Un lien ne sert qu’une fois et n’est valable que peu de temps.",
    request_new_link: "Demander un nouveau lien",
    too_short: "Ce mot de passe est trop court. Veuillez utiliser au moins {} caractères.",
    too_long: "Ce mot de passe est trop long. Veuillez utiliser au plus {} caractères.",
    too_common: "Ce mot de passe est trop courant ou ressemble à un mot de passe courant. Veuillez en choisir un autre.",
    contains_user_name: "Ce mot de passe contient votre nom d’utilisateur. Veuillez en choisir un qui ne le contient pas.",
    contains_service_name: "Ce mot de passe contient le nom de ce service. Veuillez en choisir un qui ne le contient pas.",
    too_many_attempts: "Trop de tentatives. Veuillez patienter une minute, puis réessayer.",
    unclear: "Nous ne savons pas si votre mot de passe a été changé. Veuillez essayer de vous connecter avec le nouveau. Si cela ne fonctionne pas, ouvrez à nouveau le lien reçu par e-mail.",
    server_error: "Une erreur s’est produite de notre côté. Votre mot de passe n’a pas été changé et votre lien est toujours valable. Veuillez réessayer dans une minute.",
    account_gone: "Ce compte n’existe plus. Veuillez contacter notre service client.",
    invalid: "Une information manque ou est incomplète. Veuillez remplir tous les champs et copier le code de l’e-mail en entier.",
    no_answer: "Nous n’avons pas reçu de réponse. Veuillez vérifier votre connexion, puis réessayer.",

    forgot_title: "Mot de passe oublié\u{202f}?",
    forgot_text: "Saisissez votre nom d’utilisateur. Nous vous enverrons un e-mail contenant un lien pour choisir un nouveau mot de passe.",
    user_name: "Nom d’utilisateur",
    send_email: "Envoyer l’e-mail",
    sent_title: "Consultez vos e-mails",
    sent_text: "S’il existe un compte avec ce nom d’utilisateur, un e-mail contenant un lien est en route. Le lien ne sert qu’une fois et n’est valable que peu de temps. Si vous ne recevez rien d’ici quelques minutes, veuillez vérifier vos courriers indésirables.",
    invalid_user_name: "Veuillez saisir votre nom d’utilisateur.",
    not_sent: "Une erreur s’est produite de notre côté et aucun e-mail n’a été envoyé. Veuillez réessayer dans une minute.",
};
