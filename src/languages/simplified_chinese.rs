//! Simplified Chinese.

use super::{
    direction::Direction,
    plural::Plural,
    texts::{
        ChoosePasswordTexts, LockAccountTexts, LockedMailTexts, MailTexts, NoticeTexts, PageTexts,
        RequestLinkTexts, ResetMailTexts, Texts,
    },
};
use crate::password::Violation;

pub(super) const TAG: &str = "zh-Hans";
pub(super) const DIRECTION: Direction = Direction::LeftToRight;

pub(super) static TEXTS: Texts = Texts {
    pages: PageTexts {
        log_in: "登录",
        please_wait: "请稍候…",
        request_new_link: "获取新链接",
        too_many_attempts: "尝试次数过多。请等待一分钟后重试。",
        no_response: "我们没有收到响应。请检查您的网络连接，然后重试。",
        contact_support: "联系客服",
        failed_title: "出现错误",
        page_failed: "我们的系统出现错误。请重新加载此页面。",
        not_configured: "此服务的设置不正确。请联系客服。",
        not_found_title: "找不到页面",
        not_found_text: "此网址没有任何内容。如需重置密码，请获取链接。",
    },
    choose_password: ChoosePasswordTexts {
        title: "设置新密码",
        new_password: "新密码",
        password_hint: "至少 {} 个字符。几个互不相关的词语既安全又好记。",
        show_password: "显示密码",
        user_id: "用户 ID",
        pending_code: "邮件中的验证码",
        pending_code_hint: "请从我们发送给您的邮件中复制。",
        change_password: "更改密码",

        changed_title: "您的密码已更改",
        changed_text: "您已在所有设备上退出登录。现在可以使用新密码登录。",
        withdrawals_held: "为保护您的账户，提现将暂停至少 {}。",

        link_dead: "此链接无效或已过期。请获取新链接。",
        link_dead_after_unclear: "此链接已无法使用。您之前的尝试可能已更改密码。请尝试使用新密码登录。如果无法登录，请获取新链接。",
        rejected: |violation| match violation {
            Violation::TooShort { .. } => "密码太短。请使用至少 {} 个字符。",
            Violation::TooLong => "密码太长。请使用不超过 {} 个字符。",
            Violation::Common => "该密码过于常见，或与常见密码过于相似。请选择其他密码。",
            Violation::Repetitive => "该密码由重复的内容组成。请选择其他密码。",
            Violation::Sequence => "该密码由连续的按键或字母组成，容易被猜到。请选择其他密码。",
            Violation::Breached => "该密码曾在数据泄露中出现，已被攻击者掌握。请选择未在其他地方使用的密码。",
            Violation::ContainsUserName => "密码中包含您的用户名。请选择其他密码。",
            Violation::ContainsServiceName => "密码中包含本服务的名称。请选择其他密码。",
        },
        unclear: "我们无法确定您的密码是否已更改。请尝试使用新密码登录。如果无法登录，请再次打开邮件中的链接。",
        server_error: "我们的系统出现错误。您的密码未更改，本次尝试也未消耗该链接。请在一分钟后重试。",
        account_gone: "此账户已不存在。请联系客服。",
        invalid: "信息缺失或不完整。请填写所有字段，并复制邮件中的完整验证码。",
    },
    request_link: RequestLinkTexts {
        title: "忘记密码？",
        text: "请输入您的用户名或邮箱地址。我们将向您发送一封邮件，您可以通过其中的链接设置新密码。",
        user_name: "用户名或邮箱地址",
        send_email: "发送邮件",

        sent_title: "请查收邮件",
        sent_text: "如果此用户名或邮箱地址的密码可以通过邮件重置，您将在几分钟内收到链接。如果之前邮件中的链接仍然有效，您可能不会再收到新链接：请使用最新的邮件。每个链接只能使用一次，且仅在短时间内有效。另请检查垃圾邮件文件夹。",

        invalid_user_name: "请输入您的用户名或邮箱地址。",
        not_sent: "我们的系统出现错误，邮件未发送。请在一分钟后重试。",
        request_unclear: "我们无法确定您的请求是否已被接受。如果几分钟内未收到邮件，请重试。",
    },
    lock_account: LockAccountTexts {
        title: "锁定您的账户？",
        text: "如果不是您本人更改了密码，请锁定您的账户。您将在所有设备上退出登录，并且在客服解锁账户之前，任何人都无法登录或重置密码。",
        lock: "锁定我的账户",
        locked_title: "您的账户已锁定",
        locked_text: "在客服解锁账户之前，任何人都无法登录或重置密码。请联系客服。",
        link_dead: "此链接无效或已过期。请联系客服。",
        server_error: "我们的系统出现错误，您的账户未被锁定。请在一分钟后重试。",
        unclear: "我们无法确定您的账户是否已锁定。请重试：重复锁定不会有任何影响。",
    },
    mails: MailTexts {
        minutes: Plural::other("{} 分钟"),
        hours: Plural::other("{} 小时"),
        bare_link: "如果按钮无法使用，请将以下网址复制到浏览器中打开：",
        user_name: "用户名：",
        phrase: "您的防钓鱼短语：",
        phrase_missing: "如果邮件中没有该短语或内容不符，则该邮件并非由我们发送。",
        never_ask: "我们的工作人员绝不会向您索要密码或验证码。请勿将其透露给任何人。",
    },
    reset_mail: ResetMailTexts {
        subject: "重置您的密码",
        requested: "我们收到了重置您的 {} 账户密码的请求。如果是您本人操作，请打开以下页面并设置新密码：",
        button: "设置新密码",
        paste_code: "如果页面要求输入验证码，请粘贴以下验证码：",
        user_id: "用户 ID：",
        lifetime: "链接和验证码在 {}内有效，且只能使用一次。",
        use_newest: "如果您收到多封此类邮件，请使用最新的一封。",
        not_you: "如果不是您本人操作，您可以忽略此邮件。您的密码将保持不变。",
    },
    notice: NoticeTexts {
        subject: "您的密码已更改",
        changed: "您的 {} 账户密码已更改，并且您已在所有设备上退出登录。",
        time: "日期和时间：",
        country: "国家/地区：",
        device: "设备：",
        unknown: "未知",
        withdrawals_held: "为保护您的账户，提现暂停至：",
        by_you: "如果是您本人操作，则无需采取其他措施。请使用新密码登录。",
        not_by_you_lock: "如果不是您本人操作，请立即锁定您的账户。锁定后，在客服解锁之前，任何人都无法登录或重置密码。以下链接在 7 天内有效：",
        not_by_you: "如果不是您本人操作，请联系客服，并立即通过以下网址重置密码：",
        button: "重置密码",
    },
    locked_mail: LockedMailTexts {
        subject: "您的账户已锁定",
        locked: "有人通过我们关于新密码的邮件中的链接锁定了您的 {} 账户，并且您已在所有设备上退出登录。任何人都无法登录或重置密码。",
        contact: "如需解锁，请联系客服。我们会核实您的身份。",
        not_you: "如果不是您本人锁定的，也请联系客服：可能有其他人在查看您的邮件。",
    },
};
