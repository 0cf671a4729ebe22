//! Brazilian Portuguese. Addresses the reader as “você”.

use super::{
    direction::Direction,
    plural::Plural,
    texts::{
        ChoosePasswordTexts, LockAccountTexts, LockedMailTexts, MailTexts, NoticeTexts, PageTexts,
        RequestLinkTexts, ResetMailTexts, Texts,
    },
};
use crate::password::Violation;

pub(super) const TAG: &str = "pt-BR";
pub(super) const DIRECTION: Direction = Direction::LeftToRight;

pub(super) static TEXTS: Texts = Texts {
    pages: PageTexts {
        log_in: "Entrar",
        please_wait: "Aguarde…",
        request_new_link: "Solicitar um novo link",
        too_many_attempts: "Muitas tentativas. Aguarde um minuto e tente novamente.",
        no_response: "Não recebemos resposta. Verifique sua conexão e tente novamente.",
        contact_support: "Falar com o suporte",
        failed_title: "Algo deu errado",
        page_failed: "Ocorreu um erro em nosso sistema. Recarregue esta página.",
        not_configured: "Este serviço não está configurado corretamente. Entre em contato com o suporte.",
        not_found_title: "Página não encontrada",
        not_found_text: "Não há nada neste endereço. Para redefinir sua senha, solicite um link.",
    },
    choose_password: ChoosePasswordTexts {
        title: "Escolha uma nova senha",
        new_password: "Nova senha",
        password_hint: "Pelo menos {} caracteres. Algumas palavras sem relação entre si são fáceis de lembrar.",
        show_password: "Mostrar a senha",
        user_id: "ID do usuário",
        pending_code: "Código do e-mail",
        pending_code_hint: "Copie-o do e-mail que enviamos a você.",
        change_password: "Alterar a senha",

        changed_title: "Sua senha foi alterada",
        changed_text: "Sua sessão foi encerrada em todos os dispositivos. Agora você pode entrar com a nova senha.",
        withdrawals_held: "Para sua proteção, os saques ficam suspensos por pelo menos {}.",

        link_dead: "Este link é inválido ou expirou. Solicite um novo.",
        link_dead_after_unclear: "Este link não funciona mais. Sua tentativa anterior pode ter alterado a senha. Tente entrar com a nova senha. Se não conseguir, solicite um novo link.",
        rejected: |violation| match violation {
            Violation::TooShort { .. } => "Esta senha é curta demais. Use pelo menos {} caracteres.",
            Violation::TooLong => "Esta senha é longa demais. Use no máximo {} caracteres.",
            Violation::Common => {
                "Esta senha é comum demais ou parecida demais com uma senha comum. Escolha outra."
            }
            Violation::Repetitive => "Esta senha se repete. Escolha outra.",
            Violation::Sequence => {
                "Esta senha é uma sequência de teclas ou letras, fácil de adivinhar. Escolha outra."
            }
            Violation::Breached => {
                "Esta senha apareceu em um vazamento de dados, e invasores a conhecem. Escolha uma que você não use em nenhum outro lugar."
            }
            Violation::ContainsUserName => "Esta senha contém seu nome de usuário. Escolha outra.",
            Violation::ContainsServiceName => "Esta senha contém o nome deste serviço. Escolha outra.",
        },
        unclear: "Não foi possível determinar se sua senha foi alterada. Tente entrar com a nova senha. Se não conseguir, abra novamente o link do e-mail.",
        server_error: "Ocorreu um erro em nosso sistema. Sua senha não foi alterada, e esta tentativa não consumiu seu link. Tente novamente em um minuto.",
        account_gone: "Esta conta não existe mais. Entre em contato com o suporte.",
        invalid: "Alguma informação está faltando ou incompleta. Preencha todos os campos e copie o código inteiro do e-mail.",
    },
    request_link: RequestLinkTexts {
        title: "Esqueceu sua senha?",
        text: "Digite seu nome de usuário ou seu e-mail. Enviaremos um e-mail com um link para você escolher uma nova senha.",
        user_name: "Nome de usuário ou e-mail",
        send_email: "Enviar e-mail",

        sent_title: "Verifique seu e-mail",
        sent_text: "Se a senha deste nome de usuário ou e-mail puder ser redefinida por e-mail, você receberá um link em alguns minutos. Se o link de um e-mail anterior ainda funcionar, talvez você não receba outro: use o e-mail mais recente. Um link funciona uma única vez e por pouco tempo. Verifique também sua caixa de spam.",

        invalid_user_name: "Digite seu nome de usuário ou seu e-mail.",
        not_sent: "Ocorreu um erro em nosso sistema e nenhum e-mail foi enviado. Tente novamente em um minuto.",
        request_unclear: "Não foi possível determinar se sua solicitação foi aceita. Se nenhum e-mail chegar em alguns minutos, tente novamente.",
    },
    lock_account: LockAccountTexts {
        title: "Bloquear sua conta?",
        text: "Se não foi você que alterou sua senha, bloqueie sua conta. Sua sessão será encerrada em todos os dispositivos, e ninguém poderá entrar nem redefinir a senha até que nosso suporte desbloqueie a conta.",
        lock: "Bloquear minha conta",
        locked_title: "Sua conta está bloqueada",
        locked_text: "Ninguém pode entrar nem redefinir a senha até que nosso suporte desbloqueie a conta. Entre em contato com o suporte.",
        link_dead: "Este link é inválido ou expirou. Entre em contato com o suporte.",
        server_error: "Ocorreu um erro em nosso sistema, e sua conta não foi bloqueada. Tente novamente em um minuto.",
        unclear: "Não foi possível determinar se sua conta foi bloqueada. Tente novamente: bloqueá-la duas vezes não causa nenhum problema.",
    },
    mails: MailTexts {
        minutes: Plural::other("{} minutos").one("{} minuto"),
        hours: Plural::other("{} horas").one("{} hora"),
        bare_link: "Se o botão não funcionar, copie este endereço para o seu navegador:",
        user_name: "Nome de usuário:",
        phrase: "Sua frase antiphishing:",
        phrase_missing: "Se ela não aparecer em um e-mail ou for diferente, esse e-mail não é nosso.",
        never_ask: "Nossa equipe nunca pedirá sua senha ou um código. Não os compartilhe com ninguém.",
    },
    reset_mail: ResetMailTexts {
        subject: "Redefina sua senha",
        requested: "Recebemos uma solicitação para redefinir a senha da sua conta na {}. Se foi você que a fez, abra esta página e escolha uma nova senha:",
        button: "Escolher uma nova senha",
        paste_code: "Se a página pedir um código, cole este:",
        user_id: "ID do usuário:",
        lifetime: "O link e o código funcionam uma única vez e são válidos por {}.",
        use_newest: "Se você receber mais de um destes e-mails, use o mais recente.",
        not_you: "Se você não fez esta solicitação, pode ignorar este e-mail. Sua senha continua a mesma.",
    },
    notice: NoticeTexts {
        subject: "Sua senha foi alterada",
        changed: "A senha da sua conta na {} foi alterada, e sua sessão foi encerrada em todos os dispositivos.",
        time: "Data e hora: ",
        country: "País: ",
        device: "Dispositivo: ",
        unknown: "desconhecido",
        withdrawals_held: "Para sua proteção, os saques estão suspensos até: ",
        by_you: "Se foi você que fez esta alteração, não é preciso fazer mais nada. Entre com a sua nova senha.",
        not_by_you_lock: "Se não foi você que fez esta alteração, bloqueie sua conta imediatamente. Assim, ninguém poderá entrar nem redefinir a senha até que nosso suporte a desbloqueie. Este link funciona por 7 dias:",
        not_by_you: "Se não foi você que fez esta alteração, entre em contato com o suporte e redefina sua senha imediatamente neste endereço:",
        button: "Redefinir a senha",
    },
    locked_mail: LockedMailTexts {
        subject: "Sua conta está bloqueada",
        locked: "Sua conta na {} foi bloqueada com o link do nosso e-mail sobre sua nova senha, e sua sessão foi encerrada em todos os dispositivos. Ninguém pode entrar nem redefinir a senha.",
        contact: "Para desbloqueá-la, entre em contato com o suporte. Vamos confirmar que é realmente você.",
        not_you: "Se não foi você que a bloqueou, entre também em contato com o suporte: outra pessoa pode estar lendo seus e-mails.",
    },
};
