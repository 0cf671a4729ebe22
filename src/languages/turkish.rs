//! Turkish. Addresses the reader as “siz”.

use super::{
    direction::Direction,
    plural::Plural,
    texts::{
        ChoosePasswordTexts, LockAccountTexts, LockedMailTexts, MailTexts, NoticeTexts, PageTexts,
        RequestLinkTexts, ResetMailTexts, Texts,
    },
};
use crate::password::Violation;

pub(super) const TAG: &str = "tr";
pub(super) const DIRECTION: Direction = Direction::LeftToRight;

pub(super) static TEXTS: Texts = Texts {
    pages: PageTexts {
        log_in: "Giriş yap",
        please_wait: "Lütfen bekleyin…",
        request_new_link: "Yeni bağlantı iste",
        too_many_attempts: "Çok fazla deneme yapıldı. Lütfen bir dakika bekleyip tekrar deneyin.",
        no_response: "Yanıt alamadık. Lütfen bağlantınızı kontrol edip tekrar deneyin.",
        contact_support: "Destek ekibiyle iletişime geçin",
        failed_title: "Bir sorun oluştu",
        page_failed: "Sistemimizde bir hata oluştu. Lütfen bu sayfayı yenileyin.",
        not_configured: "Bu hizmet doğru şekilde yapılandırılmamış. Lütfen destek ekibiyle iletişime geçin.",
        not_found_title: "Sayfa bulunamadı",
        not_found_text: "Bu adreste bir şey yok. Şifrenizi sıfırlamak için bir bağlantı isteyin.",
    },
    choose_password: ChoosePasswordTexts {
        title: "Yeni şifre belirleyin",
        new_password: "Yeni şifre",
        password_hint: "En az {} karakter. Birbiriyle ilgisiz birkaç kelimeyi hatırlamak kolaydır.",
        show_password: "Şifreyi göster",
        user_id: "Kullanıcı kimliği",
        pending_code: "E-postadaki kod",
        pending_code_hint: "Size gönderdiğimiz e-postadan kopyalayın.",
        change_password: "Şifreyi değiştir",

        changed_title: "Şifreniz değiştirildi",
        changed_text: "Tüm cihazlarda oturumunuz kapatıldı. Artık yeni şifrenizle giriş yapabilirsiniz.",
        withdrawals_held: "Güvenliğiniz için para çekme işlemleri en az {} süreyle durduruldu.",

        link_dead: "Bu bağlantı geçersiz veya süresi dolmuş. Yeni bir bağlantı isteyin.",
        link_dead_after_unclear: "Bu bağlantı artık çalışmıyor. Önceki denemeniz şifrenizi değiştirmiş olabilir. Lütfen yeni şifreyle giriş yapmayı deneyin. Giriş yapamazsanız yeni bir bağlantı isteyin.",
        rejected: |violation| match violation {
            Violation::TooShort { .. } => "Bu şifre çok kısa. En az {} karakter kullanın.",
            Violation::TooLong => "Bu şifre çok uzun. En fazla {} karakter kullanın.",
            Violation::Common => {
                "Bu şifre çok yaygın veya yaygın bir şifreye çok benziyor. Başka bir şifre seçin."
            }
            Violation::Repetitive => "Bu şifre kendini tekrar ediyor. Başka bir şifre seçin.",
            Violation::Sequence => {
                "Bu şifre ardışık tuşlardan veya harflerden oluşuyor ve kolayca tahmin edilebilir. Başka bir şifre seçin."
            }
            Violation::Breached => {
                "Bu şifre bir veri sızıntısında yer aldı ve saldırganlarca biliniyor. Başka hiçbir yerde kullanmadığınız bir şifre seçin."
            }
            Violation::ContainsUserName => "Bu şifre kullanıcı adınızı içeriyor. Başka bir şifre seçin.",
            Violation::ContainsServiceName => "Bu şifre bu hizmetin adını içeriyor. Başka bir şifre seçin.",
        },
        unclear: "Şifrenizin değiştirilip değiştirilmediğini belirleyemedik. Lütfen yeni şifreyle giriş yapmayı deneyin. Giriş yapamazsanız e-postadaki bağlantıyı tekrar açın.",
        server_error: "Sistemimizde bir hata oluştu. Şifreniz değiştirilmedi ve bu deneme bağlantınızı geçersiz kılmadı. Lütfen bir dakika sonra tekrar deneyin.",
        account_gone: "Bu hesap artık mevcut değil. Lütfen destek ekibiyle iletişime geçin.",
        invalid: "Eksik veya yarım kalmış bilgi var. Tüm alanları doldurun ve e-postadaki kodun tamamını kopyalayın.",
    },
    request_link: RequestLinkTexts {
        title: "Şifrenizi mi unuttunuz?",
        text: "Kullanıcı adınızı veya e-posta adresinizi girin. Size yeni bir şifre belirlemeniz için bağlantı içeren bir e-posta göndereceğiz.",
        user_name: "Kullanıcı adı veya e-posta adresi",
        send_email: "E-posta gönder",

        sent_title: "E-postanızı kontrol edin",
        sent_text: "Bu kullanıcı adının veya adresin şifresi e-postayla sıfırlanabiliyorsa birkaç dakika içinde bir bağlantı alırsınız. Daha önceki bir e-postadaki bağlantı hâlâ geçerliyse yenisini almayabilirsiniz: En yeni e-postayı kullanın. Her bağlantı yalnızca bir kez ve kısa bir süre için geçerlidir. Spam klasörünüzü de kontrol edin.",

        invalid_user_name: "Lütfen kullanıcı adınızı veya e-posta adresinizi girin.",
        not_sent: "Sistemimizde bir hata oluştu ve e-posta gönderilmedi. Lütfen bir dakika sonra tekrar deneyin.",
        request_unclear: "İsteğinizin kabul edilip edilmediğini belirleyemedik. Birkaç dakika içinde e-posta gelmezse lütfen tekrar deneyin.",
    },
    lock_account: LockAccountTexts {
        title: "Hesabınız kilitlensin mi?",
        text: "Şifrenizi siz değiştirmediyseniz hesabınızı kilitleyin. Tüm cihazlarda oturumunuz kapatılır ve destek ekibimiz hesabın kilidini açana kadar hiç kimse giriş yapamaz veya şifreyi sıfırlayamaz.",
        lock: "Hesabımı kilitle",
        locked_title: "Hesabınız kilitlendi",
        locked_text: "Destek ekibimiz hesabın kilidini açana kadar hiç kimse giriş yapamaz veya şifreyi sıfırlayamaz. Lütfen destek ekibiyle iletişime geçin.",
        link_dead: "Bu bağlantı geçersiz veya süresi dolmuş. Lütfen destek ekibiyle iletişime geçin.",
        server_error: "Sistemimizde bir hata oluştu ve hesabınız kilitlenmedi. Lütfen bir dakika sonra tekrar deneyin.",
        unclear: "Hesabınızın kilitlenip kilitlenmediğini belirleyemedik. Lütfen tekrar deneyin: iki kez kilitlemenin zararı yoktur.",
    },
    mails: MailTexts {
        minutes: Plural::other("{} dakika").one("{} dakika"),
        hours: Plural::other("{} saat").one("{} saat"),
        bare_link: "Düğme çalışmıyorsa bu adresi kopyalayıp tarayıcınızda açın:",
        user_name: "Kullanıcı adı:",
        phrase: "Kimlik avına karşı güvenlik ifadeniz:",
        phrase_missing: "Bu ifade bir e-postada yoksa veya farklıysa o e-posta bizden gelmemiştir.",
        never_ask: "Ekibimiz sizden asla şifrenizi veya bir kodu istemez. Bunları kimseyle paylaşmayın.",
    },
    reset_mail: ResetMailTexts {
        subject: "Şifrenizi sıfırlayın",
        requested: "{} hesabınızın şifresini sıfırlamak için bir istek aldık. Bu isteği siz yaptıysanız bu sayfayı açın ve yeni bir şifre belirleyin:",
        button: "Yeni şifre belirle",
        paste_code: "Sayfa bir kod istiyorsa bunu yapıştırın:",
        user_id: "Kullanıcı kimliği:",
        lifetime: "Bağlantı ve kod yalnızca bir kez kullanılabilir ve {} boyunca geçerlidir.",
        use_newest: "Bu e-postadan birden fazla alırsanız en yenisini kullanın.",
        not_you: "Bu isteği siz yapmadıysanız bu e-postayı yok sayabilirsiniz. Şifreniz aynı kalır.",
    },
    notice: NoticeTexts {
        subject: "Şifreniz değiştirildi",
        changed: "{} hesabınızın şifresi değiştirildi ve tüm cihazlarda oturumunuz kapatıldı.",
        time: "Tarih ve saat: ",
        country: "Ülke: ",
        device: "Cihaz: ",
        unknown: "bilinmiyor",
        withdrawals_held: "Güvenliğiniz için para çekme işlemleri şu zamana kadar durduruldu: ",
        by_you: "Bu değişikliği siz yaptıysanız başka bir şey yapmanıza gerek yok. Yeni şifrenizle giriş yapın.",
        not_by_you_lock: "Bu değişikliği siz yapmadıysanız hesabınızı hemen kilitleyin. Böylece destek ekibimiz kilidini açana kadar hiç kimse giriş yapamaz veya şifreyi sıfırlayamaz. Bu bağlantı 7 gün boyunca çalışır:",
        not_by_you: "Bu değişikliği siz yapmadıysanız destek ekibiyle iletişime geçin ve şifrenizi hemen bu adresten sıfırlayın:",
        button: "Şifreyi sıfırla",
    },
    locked_mail: LockedMailTexts {
        subject: "Hesabınız kilitlendi",
        locked: "{} hesabınız, yeni şifrenizle ilgili e-postamızdaki bağlantıyla kilitlendi ve tüm cihazlarda oturumunuz kapatıldı. Hiç kimse giriş yapamaz veya şifreyi sıfırlayamaz.",
        contact: "Kilidini açtırmak için destek ekibiyle iletişime geçin. Gerçekten siz olduğunuzu doğrulayacağız.",
        not_you: "Hesabı siz kilitlemediyseniz yine destek ekibiyle iletişime geçin: e-postalarınızı başka biri okuyor olabilir.",
    },
};
