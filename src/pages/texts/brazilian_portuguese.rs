//! The pages in Brazilian Portuguese.

use super::Texts;

pub(super) const TEXTS: Texts = Texts {
    reset_title: "Escolha uma nova senha",
    new_password: "Nova senha",
    password_hint: "Pelo menos {} caracteres. Algumas palavras sem relação entre si são fáceis de lembrar.",
    show_password: "Mostrar a senha",
    user_id: "ID do usuário",
    pending_code: "Código do e-mail",
    pending_code_hint: "Copie-o do e-mail que enviamos a você.",
    change_password: "Alterar a senha",
    please_wait: "Aguarde…",
    changed_title: "Sua senha foi alterada",
    changed_text: "Sua sessão foi encerrada em todos os dispositivos. Agora você pode entrar com a nova senha.",
    log_in: "Entrar",

    link_dead: "Este link não funciona ou não é mais válido. Cada link funciona uma única vez e por pouco tempo.",
    request_new_link: "Solicitar um novo link",
    too_short: "Esta senha é curta demais. Use pelo menos {} caracteres.",
    too_long: "Esta senha é longa demais. Use no máximo {} caracteres.",
    too_common: "Esta senha é muito comum ou se parece com uma que é. Escolha outra, por favor.",
    contains_user_name: "Esta senha contém seu nome de usuário. Escolha uma que não o contenha.",
    contains_service_name: "Esta senha contém o nome deste serviço. Escolha uma que não o contenha.",
    too_many_attempts: "Muitas tentativas. Aguarde um minuto e tente novamente.",
    unclear: "Não sabemos se sua senha foi alterada. Tente entrar com a nova senha. Se não conseguir, abra novamente o link do e-mail.",
    server_error: "Ocorreu um erro em nosso sistema. Sua senha não foi alterada e seu link continua válido. Tente novamente em um minuto.",
    account_gone: "Esta conta não existe mais. Entre em contato com o nosso suporte.",
    invalid: "Alguma informação está faltando ou incompleta. Preencha todos os campos e copie o código inteiro do e-mail.",
    no_answer: "Não recebemos resposta. Verifique sua conexão e tente novamente.",

    forgot_title: "Esqueceu sua senha?",
    forgot_text: "Digite seu nome de usuário. Enviaremos um e-mail com um link para você escolher uma nova senha.",
    user_name: "Nome de usuário",
    send_email: "Enviar e-mail",
    sent_title: "Verifique seu e-mail",
    sent_text: "Se houver uma conta com este nome de usuário, um e-mail com um link está a caminho. O link funciona uma única vez e por pouco tempo. Se nada chegar em alguns minutos, verifique sua caixa de spam.",
    invalid_user_name: "Digite seu nome de usuário.",
    not_sent: "Ocorreu um erro em nosso sistema e nenhum e-mail foi enviado. Tente novamente em um minuto.",
};
