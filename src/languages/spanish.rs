//! Spanish. Addresses the reader as “usted”.

use super::{
    direction::Direction,
    plural::Plural,
    texts::{
        ChoosePasswordTexts, LockAccountTexts, LockedMailTexts, MailTexts, NoticeTexts, PageTexts,
        RequestLinkTexts, ResetMailTexts, Texts,
    },
};
use crate::password::Violation;

pub(super) const TAG: &str = "es";
pub(super) const DIRECTION: Direction = Direction::LeftToRight;

pub(super) static TEXTS: Texts = Texts {
    pages: PageTexts {
        log_in: "Iniciar sesión",
        please_wait: "Espere, por favor…",
        request_new_link: "Solicitar un enlace nuevo",
        too_many_attempts: "Demasiados intentos. Espere un minuto y vuelva a intentarlo.",
        no_response: "No hemos recibido respuesta. Compruebe su conexión y vuelva a intentarlo.",
        contact_support: "Contactar con asistencia",
        failed_title: "Se ha producido un error",
        page_failed: "Se ha producido un error en nuestro sistema. Vuelva a cargar esta página.",
        not_configured: "Este servicio no está configurado correctamente. Póngase en contacto con nuestro servicio de asistencia.",
        not_found_title: "Página no encontrada",
        not_found_text: "No hay nada en esta dirección. Para restablecer su contraseña, solicite un enlace.",
    },
    choose_password: ChoosePasswordTexts {
        title: "Elija una contraseña nueva",
        new_password: "Contraseña nueva",
        password_hint: "Al menos {} caracteres. Unas cuantas palabras sin relación entre sí son fáciles de recordar.",
        show_password: "Mostrar la contraseña",
        user_id: "ID de usuario",
        pending_code: "Código del correo electrónico",
        pending_code_hint: "Cópielo del correo electrónico que le hemos enviado.",
        change_password: "Cambiar la contraseña",

        changed_title: "Su contraseña se ha cambiado",
        changed_text: "Se ha cerrado su sesión en todos los dispositivos. Ya puede iniciar sesión con su contraseña nueva.",
        withdrawals_held: "Para su protección, los retiros están suspendidos durante al menos {}.",

        link_dead: "Este enlace no es válido o ha caducado. Solicite uno nuevo.",
        link_dead_after_unclear: "Este enlace ya no funciona. Es posible que su intento anterior haya cambiado la contraseña. Intente iniciar sesión con la contraseña nueva. Si no lo consigue, solicite un enlace nuevo.",
        rejected: |violation| match violation {
            Violation::TooShort { .. } => {
                "Esta contraseña es demasiado corta. Utilice al menos {} caracteres."
            }
            Violation::TooLong => "Esta contraseña es demasiado larga. Utilice como máximo {} caracteres.",
            Violation::Common => {
                "Esta contraseña es demasiado común o se parece demasiado a una que lo es. Elija otra."
            }
            Violation::Repetitive => "Esta contraseña se repite. Elija otra.",
            Violation::Sequence => {
                "Esta contraseña es una secuencia de teclas o letras, fácil de adivinar. Elija otra."
            }
            Violation::Breached => {
                "Esta contraseña ha aparecido en una filtración de datos, así que los atacantes la conocen. Elija una que no use en ningún otro sitio."
            }
            Violation::ContainsUserName => "Esta contraseña contiene su nombre de usuario. Elija otra.",
            Violation::ContainsServiceName => {
                "Esta contraseña contiene el nombre de este servicio. Elija otra."
            }
        },
        unclear: "No hemos podido determinar si su contraseña se ha cambiado. Intente iniciar sesión con la contraseña nueva. Si no lo consigue, abra de nuevo el enlace del correo electrónico.",
        server_error: "Se ha producido un error en nuestro sistema. Su contraseña no se ha cambiado y este intento no ha consumido su enlace. Vuelva a intentarlo dentro de un minuto.",
        account_gone: "Esta cuenta ya no existe. Póngase en contacto con nuestro servicio de asistencia.",
        invalid: "Falta algún dato o está incompleto. Rellene todos los campos y copie el código completo del correo electrónico.",
    },
    request_link: RequestLinkTexts {
        title: "¿Ha olvidado su contraseña?",
        text: "Introduzca su nombre de usuario o su dirección de correo electrónico. Le enviaremos un correo electrónico con un enlace para elegir una contraseña nueva.",
        user_name: "Nombre de usuario o correo electrónico",
        send_email: "Enviar el correo electrónico",

        sent_title: "Revise su correo electrónico",
        sent_text: "Si la contraseña de este nombre de usuario o de esta dirección se puede restablecer por correo electrónico, recibirá un enlace en unos minutos. Si el enlace de un correo anterior todavía funciona, es posible que no reciba otro: utilice el correo más reciente. Un enlace sirve una sola vez y durante poco tiempo. Revise también su carpeta de correo no deseado.",

        invalid_user_name: "Introduzca su nombre de usuario o su dirección de correo electrónico.",
        not_sent: "Se ha producido un error en nuestro sistema y no se ha enviado ningún correo electrónico. Vuelva a intentarlo dentro de un minuto.",
        request_unclear: "No hemos podido determinar si su solicitud se ha aceptado. Si no recibe ningún correo electrónico en unos minutos, vuelva a intentarlo.",
    },
    lock_account: LockAccountTexts {
        title: "¿Bloquear su cuenta?",
        text: "Si no ha cambiado usted su contraseña, bloquee su cuenta. Se cerrará su sesión en todos los dispositivos y nadie podrá iniciar sesión ni restablecer la contraseña hasta que nuestro servicio de asistencia haya desbloqueado la cuenta.",
        lock: "Bloquear mi cuenta",
        locked_title: "Su cuenta está bloqueada",
        locked_text: "Nadie puede iniciar sesión ni restablecer la contraseña hasta que nuestro servicio de asistencia haya desbloqueado la cuenta. Póngase en contacto con nuestro servicio de asistencia.",
        link_dead: "Este enlace no es válido o ha caducado. Póngase en contacto con nuestro servicio de asistencia.",
        server_error: "Se ha producido un error en nuestro sistema y su cuenta no se ha bloqueado. Vuelva a intentarlo dentro de un minuto.",
        unclear: "No hemos podido determinar si su cuenta se ha bloqueado. Vuelva a intentarlo: bloquearla dos veces no causa ningún problema.",
    },
    mails: MailTexts {
        minutes: Plural::other("{} minutos").one("{} minuto"),
        hours: Plural::other("{} horas").one("{} hora"),
        bare_link: "Si el botón no funciona, copie esta dirección en su navegador:",
        user_name: "Nombre de usuario:",
        phrase: "Su frase antiphishing:",
        phrase_missing: "Si falta en un correo electrónico o es distinta, ese correo no es nuestro.",
        never_ask: "Nuestro personal nunca le pedirá su contraseña ni un código. No los comparta con nadie.",
    },
    reset_mail: ResetMailTexts {
        subject: "Restablezca su contraseña",
        requested: "Hemos recibido una solicitud para restablecer la contraseña de su cuenta de {}. Si la ha realizado usted, abra esta página y elija una contraseña nueva:",
        button: "Elegir una contraseña nueva",
        paste_code: "Si la página le pide un código, pegue este:",
        user_id: "ID de usuario:",
        lifetime: "El enlace y el código funcionan una sola vez y son válidos durante {}.",
        use_newest: "Si recibe varios de estos correos electrónicos, utilice el más reciente.",
        not_you: "Si no ha realizado esta solicitud, puede ignorar este correo electrónico. Su contraseña sigue siendo la misma.",
    },
    notice: NoticeTexts {
        subject: "Su contraseña se ha cambiado",
        changed: "Se ha cambiado la contraseña de su cuenta de {} y se ha cerrado su sesión en todos los dispositivos.",
        time: "Fecha y hora: ",
        country: "País: ",
        device: "Dispositivo: ",
        unknown: "desconocido",
        withdrawals_held: "Para su protección, los retiros están suspendidos hasta esta fecha: ",
        by_you: "Si ha realizado usted este cambio, no tiene que hacer nada más. Inicie sesión con su contraseña nueva.",
        not_by_you_lock: "Si no ha realizado usted este cambio, bloquee su cuenta inmediatamente. Nadie podrá entonces iniciar sesión ni restablecer la contraseña hasta que nuestro servicio de asistencia la haya desbloqueado. Este enlace funciona durante 7 días:",
        not_by_you: "Si no ha realizado usted este cambio, póngase en contacto con nuestro servicio de asistencia y restablezca inmediatamente su contraseña en esta dirección:",
        button: "Restablecer la contraseña",
    },
    locked_mail: LockedMailTexts {
        subject: "Su cuenta está bloqueada",
        locked: "Su cuenta de {} se ha bloqueado con el enlace de nuestro correo electrónico sobre su contraseña nueva y se ha cerrado su sesión en todos los dispositivos. Nadie puede iniciar sesión ni restablecer la contraseña.",
        contact: "Para desbloquearla, póngase en contacto con nuestro servicio de asistencia. Comprobaremos que se trata realmente de usted.",
        not_you: "Si no la ha bloqueado usted, póngase también en contacto con nuestro servicio de asistencia: es posible que otra persona lea su correo electrónico.",
    },
};
