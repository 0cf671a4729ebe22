//! The pages in Spanish.

use super::Texts;

pub(super) const TEXTS: Texts = Texts {
    reset_title: "Elija una contraseña nueva",
    new_password: "Contraseña nueva",
    password_hint: "Al menos {} caracteres. Unas cuantas palabras sin relación entre sí son fáciles de recordar.",
    show_password: "Mostrar la contraseña",
    user_id: "ID de usuario",
    pending_code: "Código del correo",
    pending_code_hint: "Cópielo del correo electrónico que le hemos enviado.",
    change_password: "Cambiar la contraseña",
    please_wait: "Espere, por favor…",
    changed_title: "Su contraseña se ha cambiado",
    changed_text: "Se ha cerrado la sesión en todos sus dispositivos. Ya puede iniciar sesión con su contraseña nueva.",
    log_in: "Iniciar sesión",

    link_dead: "Este enlace no funciona o ya no es válido. Cada enlace sirve una sola vez y durante poco tiempo.",
    request_new_link: "Solicitar un enlace nuevo",
    too_short: "Esta contraseña es demasiado corta. Utilice al menos {} caracteres.",
    too_long: "Esta contraseña es demasiado larga. Utilice como máximo {} caracteres.",
    too_common: "Esta contraseña es demasiado común o se parece a una que lo es. Elija otra, por favor.",
    contains_user_name: "Esta contraseña contiene su nombre de usuario. Elija una que no lo contenga.",
    contains_service_name: "Esta contraseña contiene el nombre de este servicio. Elija una que no lo contenga.",
    too_many_attempts: "Demasiados intentos. Espere un minuto y vuelva a intentarlo.",
    unclear: "No sabemos si su contraseña se ha cambiado. Intente iniciar sesión con la nueva. Si no lo consigue, abra de nuevo el enlace del correo electrónico.",
    server_error: "Se ha producido un error en nuestro sistema. Su contraseña no se ha cambiado y su enlace sigue siendo válido. Vuelva a intentarlo dentro de un minuto.",
    account_gone: "Esta cuenta ya no existe. Póngase en contacto con nuestro servicio de atención al cliente.",
    invalid: "Falta algún dato o está incompleto. Rellene todos los campos y copie el código completo del correo electrónico.",
    no_answer: "No hemos recibido respuesta. Compruebe su conexión y vuelva a intentarlo.",

    forgot_title: "¿Ha olvidado su contraseña?",
    forgot_text: "Introduzca su nombre de usuario. Le enviaremos un correo electrónico con un enlace para elegir una contraseña nueva.",
    user_name: "Nombre de usuario",
    send_email: "Enviar correo",
    sent_title: "Revise su correo electrónico",
    sent_text: "Si existe una cuenta con este nombre de usuario, le llegará un correo electrónico con un enlace. El enlace sirve una sola vez y durante poco tiempo. Si no recibe nada en unos minutos, revise su carpeta de correo no deseado.",
    invalid_user_name: "Introduzca su nombre de usuario.",
    not_sent: "Se ha producido un error en nuestro sistema y no se ha enviado ningún correo. Vuelva a intentarlo dentro de un minuto.",
};
