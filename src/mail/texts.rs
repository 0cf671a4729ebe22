//! What the mails say, in each language. `{}` stands for a time such as "30 minutes".

use super::plural::Plural;
use crate::language::Language;

/// The texts of one language. A label ends as its language ends one before a value: with its colon and its space.
pub(super) struct Texts {
    /// "30 minutes", as it goes into `reset_lifetime`.
    pub(super) minutes: Plural,
    /// "2 hours", likewise.
    pub(super) hours: Plural,

    /// Subject and heading of the mail with the link.
    pub(super) reset_subject: &'static str,
    /// What happened, and what to do. The link follows.
    pub(super) reset_asked: &'static str,
    /// On the button with the link.
    pub(super) reset_button: &'static str,
    /// The code follows.
    pub(super) paste_code: &'static str,
    pub(super) user_id: &'static str,
    /// For how long link and code work, and that they do so once.
    pub(super) reset_lifetime: &'static str,
    /// What to do if it was somebody else: nothing.
    pub(super) reset_not_you: &'static str,

    /// Subject and heading of the mail after the reset.
    pub(super) changed_subject: &'static str,
    /// What happened, the end of all sessions included.
    pub(super) changed: &'static str,
    /// Label of the time.
    pub(super) when: &'static str,
    /// Label of the country.
    pub(super) country: &'static str,
    /// Label of the device.
    pub(super) device: &'static str,
    /// Said in place of a country or a device.
    pub(super) unknown: &'static str,
    /// What to do if it was the user.
    pub(super) changed_by_you: &'static str,
    /// What to do if it was somebody else. The link follows.
    pub(super) changed_not_by_you: &'static str,
    /// On the button with the link.
    pub(super) changed_button: &'static str,

    /// Below a button, in both mails. The bare link follows.
    pub(super) bare_link: &'static str,
    /// The last words of both mails.
    pub(super) never_asked: &'static str,
}

impl Texts {
    /// The texts of a language.
    pub(super) const fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &ENGLISH,
            Language::German => &GERMAN,
            Language::French => &FRENCH,
            Language::Spanish => &SPANISH,
            Language::BrazilianPortuguese => &BRAZILIAN_PORTUGUESE,
            Language::Japanese => &JAPANESE,
            Language::SimplifiedChinese => &SIMPLIFIED_CHINESE,
            Language::Arabic => &ARABIC,
        }
    }
}

const ENGLISH: Texts = Texts {
    minutes: Plural::one_other("1 minute", "{} minutes"),
    hours: Plural::one_other("1 hour", "{} hours"),
    reset_subject: "Reset your password",
    reset_asked: "Somebody asked to reset the password of your account at our exchange. If it was you, please open this page and choose a new password:",
    reset_button: "Choose a new password",
    paste_code: "If the link does not work, or the page asks for a code, please paste this code into the page:",
    user_id: "User ID:",
    reset_lifetime: "The link and the code work once, and for {} only.",
    reset_not_you: "If it was not you, please ignore this message: nothing changes, and your password stays as it is.",
    changed_subject: "Your password was changed",
    changed: "The password of your account at our exchange was changed, and all sessions were ended.",
    when: "Date and time: ",
    country: "Country: ",
    device: "Device: ",
    unknown: "unknown",
    changed_by_you: "If it was you, there is nothing more to do. Please sign in with your new password.",
    changed_not_by_you: "If it was not you, please ask for a new password at once at the address below, and contact our support.",
    changed_button: "Ask for a new password",
    bare_link: "If the button does not work, please copy this address into your browser:",
    never_asked: "Nobody from our exchange will ever ask you for your password or for a code. Please do not share them with anyone.",
};

const GERMAN: Texts = Texts {
    minutes: Plural::one_other("1 Minute", "{} Minuten"),
    hours: Plural::one_other("1 Stunde", "{} Stunden"),
    reset_subject: "Passwort zurücksetzen",
    reset_asked: "Jemand hat darum gebeten, das Passwort Ihres Kontos bei unserer Börse zurückzusetzen. Wenn Sie das waren, öffnen Sie bitte diese Seite und wählen Sie ein neues Passwort:",
    reset_button: "Neues Passwort wählen",
    paste_code: "Falls der Link nicht funktioniert oder die Seite nach einem Code fragt, fügen Sie bitte diesen Code auf der Seite ein:",
    user_id: "Benutzer-ID:",
    reset_lifetime: "Link und Code funktionieren nur einmal und sind {} lang gültig.",
    reset_not_you: "Wenn Sie das nicht waren, ignorieren Sie bitte diese Nachricht: Es ändert sich nichts, und Ihr Passwort bleibt, wie es ist.",
    changed_subject: "Ihr Passwort wurde geändert",
    changed: "Das Passwort Ihres Kontos bei unserer Börse wurde geändert, und alle Sitzungen wurden beendet.",
    when: "Datum und Uhrzeit: ",
    country: "Land: ",
    device: "Gerät: ",
    unknown: "unbekannt",
    changed_by_you: "Wenn Sie das waren, ist nichts weiter zu tun. Bitte melden Sie sich mit Ihrem neuen Passwort an.",
    changed_not_by_you: "Wenn Sie das nicht waren, fordern Sie bitte sofort unter der folgenden Adresse ein neues Passwort an und wenden Sie sich an unseren Support.",
    changed_button: "Neues Passwort anfordern",
    bare_link: "Falls die Schaltfläche nicht funktioniert, kopieren Sie bitte diese Adresse in Ihren Browser:",
    never_asked: "Niemand von unserer Börse wird Sie jemals nach Ihrem Passwort oder einem Code fragen. Bitte geben Sie beides an niemanden weiter.",
};

const FRENCH: Texts = Texts {
    minutes: Plural::one_other("1 minute", "{} minutes"),
    hours: Plural::one_other("1 heure", "{} heures"),
    reset_subject: "Réinitialisation de votre mot de passe",
    reset_asked: "Quelqu’un a demandé la réinitialisation du mot de passe de votre compte sur notre plateforme d’échange. Si c’était vous, veuillez ouvrir cette page et choisir un nouveau mot de passe\u{a0}:",
    reset_button: "Choisir un nouveau mot de passe",
    paste_code: "Si le lien ne fonctionne pas ou si la page vous demande un code, veuillez coller ce code dans la page\u{a0}:",
    user_id: "Identifiant\u{a0}:",
    reset_lifetime: "Le lien et le code ne fonctionnent qu’une seule fois et sont valables pendant {}.",
    reset_not_you: "Si ce n’était pas vous, veuillez ignorer ce message\u{a0}: rien ne change et votre mot de passe reste le même.",
    changed_subject: "Votre mot de passe a été modifié",
    changed: "Le mot de passe de votre compte sur notre plateforme d’échange a été modifié et toutes les sessions ont été fermées.",
    when: "Date et heure\u{a0}: ",
    country: "Pays\u{a0}: ",
    device: "Appareil\u{a0}: ",
    unknown: "inconnu",
    changed_by_you: "Si c’était vous, vous n’avez rien d’autre à faire. Veuillez vous connecter avec votre nouveau mot de passe.",
    changed_not_by_you: "Si ce n’était pas vous, veuillez demander immédiatement un nouveau mot de passe à l’adresse ci-dessous et contacter notre service d’assistance.",
    changed_button: "Demander un nouveau mot de passe",
    bare_link: "Si le bouton ne fonctionne pas, veuillez copier cette adresse dans votre navigateur\u{a0}:",
    never_asked: "Personne de notre plateforme ne vous demandera jamais votre mot de passe ni un code. Ne les communiquez à personne.",
};

const SPANISH: Texts = Texts {
    minutes: Plural::one_other("1 minuto", "{} minutos"),
    hours: Plural::one_other("1 hora", "{} horas"),
    reset_subject: "Restablezca su contraseña",
    reset_asked: "Alguien ha solicitado restablecer la contraseña de su cuenta en nuestra plataforma de intercambio. Si ha sido usted, abra esta página y elija una contraseña nueva:",
    reset_button: "Elegir una contraseña nueva",
    paste_code: "Si el enlace no funciona o la página le pide un código, pegue este código en la página:",
    user_id: "ID de usuario:",
    reset_lifetime: "El enlace y el código funcionan una sola vez y son válidos durante {}.",
    reset_not_you: "Si no ha sido usted, ignore este mensaje: no cambia nada y su contraseña sigue siendo la misma.",
    changed_subject: "Se ha cambiado su contraseña",
    changed: "Se ha cambiado la contraseña de su cuenta en nuestra plataforma de intercambio y se han cerrado todas las sesiones.",
    when: "Fecha y hora: ",
    country: "País: ",
    device: "Dispositivo: ",
    unknown: "desconocido",
    changed_by_you: "Si ha sido usted, no tiene que hacer nada más. Inicie sesión con su contraseña nueva.",
    changed_not_by_you: "Si no ha sido usted, solicite de inmediato una contraseña nueva en la dirección siguiente y póngase en contacto con nuestro servicio de asistencia.",
    changed_button: "Solicitar una contraseña nueva",
    bare_link: "Si el botón no funciona, copie esta dirección en su navegador:",
    never_asked: "Nadie de nuestra plataforma le pedirá nunca su contraseña ni un código. No los comparta con nadie.",
};

const BRAZILIAN_PORTUGUESE: Texts = Texts {
    minutes: Plural::one_other("1 minuto", "{} minutos"),
    hours: Plural::one_other("1 hora", "{} horas"),
    reset_subject: "Redefina sua senha",
    reset_asked: "Alguém pediu a redefinição da senha da sua conta em nossa plataforma de negociação. Se foi você, abra esta página e escolha uma nova senha:",
    reset_button: "Escolher uma nova senha",
    paste_code: "Se o link não funcionar ou se a página pedir um código, cole este código na página:",
    user_id: "ID do usuário:",
    reset_lifetime: "O link e o código funcionam uma única vez e são válidos por {}.",
    reset_not_you: "Se não foi você, ignore esta mensagem: nada muda, e sua senha continua a mesma.",
    changed_subject: "Sua senha foi alterada",
    changed: "A senha da sua conta em nossa plataforma de negociação foi alterada, e todas as sessões foram encerradas.",
    when: "Data e hora: ",
    country: "País: ",
    device: "Dispositivo: ",
    unknown: "desconhecido",
    changed_by_you: "Se foi você, não é preciso fazer mais nada. Entre com a sua nova senha.",
    changed_not_by_you: "Se não foi você, solicite imediatamente uma nova senha no endereço abaixo e entre em contato com o nosso suporte.",
    changed_button: "Solicitar uma nova senha",
    bare_link: "Se o botão não funcionar, copie este endereço para o seu navegador:",
    never_asked: "Ninguém da nossa plataforma jamais pedirá sua senha ou um código. Não os compartilhe com ninguém.",
};

const JAPANESE: Texts = Texts {
    minutes: Plural::always("{}分間"),
    hours: Plural::always("{}時間"),
    reset_subject: "パスワード再設定のご案内",
    reset_asked: "当取引所におけるお客様のアカウントについて、パスワードの再設定が申請されました。お客様ご自身による申請の場合は、次のページを開き、新しいパスワードを設定してください。",
    reset_button: "新しいパスワードを設定する",
    paste_code: "リンクが機能しない場合、またはページでコードの入力を求められた場合は、次のコードをページに貼り付けてください。",
    user_id: "ユーザーID：",
    reset_lifetime: "リンクとコードは{}有効で、一度だけご利用いただけます。",
    reset_not_you: "お心当たりがない場合は、このメールを無視してください。何も変更されず、パスワードは現在のままです。",
    changed_subject: "パスワードが変更されました",
    changed: "当取引所におけるお客様のアカウントのパスワードが変更され、すべてのセッションが終了しました。",
    when: "日時：",
    country: "国・地域：",
    device: "端末：",
    unknown: "不明",
    changed_by_you: "お客様ご自身による変更の場合、これ以上のお手続きは必要ありません。新しいパスワードでログインしてください。",
    changed_not_by_you: "お心当たりがない場合は、直ちに次のアドレスからパスワードの再設定を申請し、サポートまでご連絡ください。",
    changed_button: "パスワードの再設定を申請する",
    bare_link: "ボタンが機能しない場合は、次のアドレスをコピーしてブラウザーで開いてください。",
    never_asked: "当取引所の担当者がお客様のパスワードやコードをお尋ねすることは決してありません。誰にも教えないでください。",
};

const SIMPLIFIED_CHINESE: Texts = Texts {
    minutes: Plural::always("{} 分钟"),
    hours: Plural::always("{} 小时"),
    reset_subject: "重置您的密码",
    reset_asked: "有人请求重置您在本交易所账户的密码。如果是您本人操作，请打开以下页面并设置新密码：",
    reset_button: "设置新密码",
    paste_code: "如果链接无法使用，或页面要求输入验证码，请将以下验证码粘贴到页面中：",
    user_id: "用户 ID：",
    reset_lifetime: "链接和验证码在 {}内有效，且只能使用一次。",
    reset_not_you: "如果不是您本人操作，请忽略此邮件：不会有任何更改，您的密码将保持不变。",
    changed_subject: "您的密码已更改",
    changed: "您在本交易所账户的密码已更改，所有会话均已结束。",
    when: "日期和时间：",
    country: "国家/地区：",
    device: "设备：",
    unknown: "未知",
    changed_by_you: "如果是您本人操作，则无需采取其他措施。请使用新密码登录。",
    changed_not_by_you: "如果不是您本人操作，请立即通过以下网址申请重置密码，并联系我们的客服。",
    changed_button: "申请重置密码",
    bare_link: "如果按钮无法使用，请将以下网址复制到浏览器中打开：",
    never_asked: "本交易所的任何人都绝不会向您索要密码或验证码。请勿将其透露给任何人。",
};

// Asked by verbal nouns, not by imperatives: those would have to know whether a man or a woman reads them.
const ARABIC: Texts = Texts {
    minutes: Plural::arabic("دقيقة واحدة", "دقيقتين", "{} دقائق", "{} دقيقة"),
    hours: Plural::arabic("ساعة واحدة", "ساعتين", "{} ساعات", "{} ساعة"),
    reset_subject: "إعادة تعيين كلمة المرور",
    reset_asked: "طلب شخص ما إعادة تعيين كلمة مرور حسابك في منصة التداول لدينا. إذا كان هذا الطلب منك، فيُرجى فتح هذه الصفحة واختيار كلمة مرور جديدة:",
    reset_button: "اختيار كلمة مرور جديدة",
    paste_code: "إذا لم يعمل الرابط أو طلبت الصفحة رمزًا، فيُرجى لصق هذا الرمز في الصفحة:",
    user_id: "معرّف المستخدم:",
    reset_lifetime: "يعمل الرابط والرمز مرة واحدة فقط، وهما صالحان لمدة {}.",
    reset_not_you: "إذا لم يكن هذا الطلب منك، فيُرجى تجاهل هذه الرسالة: لن يتغير أي شيء، وستبقى كلمة مرورك كما هي.",
    changed_subject: "تم تغيير كلمة المرور",
    changed: "تم تغيير كلمة مرور حسابك في منصة التداول لدينا، وتم إنهاء جميع الجلسات.",
    when: "التاريخ والوقت: ",
    country: "البلد: ",
    device: "الجهاز: ",
    unknown: "غير معروف",
    changed_by_you: "إذا كان هذا التغيير منك، فلا يلزم اتخاذ أي إجراء آخر. يُرجى تسجيل الدخول بكلمة المرور الجديدة.",
    changed_not_by_you: "إذا لم يكن هذا التغيير منك، فيُرجى طلب كلمة مرور جديدة فورًا من العنوان أدناه والتواصل مع فريق الدعم.",
    changed_button: "طلب كلمة مرور جديدة",
    bare_link: "إذا لم يعمل الزر، فيُرجى نسخ هذا العنوان إلى المتصفح:",
    never_asked: "لن يطلب منك أي شخص من منصتنا كلمة المرور أو أي رمز أبدًا. يُرجى عدم مشاركتهما مع أي شخص.",
};
