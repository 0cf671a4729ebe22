//! The pages in Simplified Chinese.

use super::Texts;

pub(super) const TEXTS: Texts = Texts {
    reset_title: "设置新密码",
    new_password: "新密码",
    password_hint: "至少 {} 个字符。几个互不相关的词语既安全又好记。",
    show_password: "显示密码",
    user_id: "用户 ID",
    pending_code: "邮件中的验证码",
    pending_code_hint: "请从我们发送给您的邮件中复制。",
    change_password: "更改密码",
    please_wait: "请稍候…",
    changed_title: "您的密码已更改",
    changed_text: "您已在所有设备上退出登录。现在可以使用新密码登录。",
    log_in: "登录",

    link_dead: "此链接无效或已失效。每个链接只能使用一次，且仅在短时间内有效。",
    request_new_link: "获取新链接",
    too_short: "密码太短。请使用至少 {} 个字符。",
    too_long: "密码太长。请使用不超过 {} 个字符。",
    too_common: "该密码过于常见，或与常见密码相似。请选择其他密码。",
    contains_user_name: "密码中包含您的用户名。请选择不含用户名的密码。",
    contains_service_name: "密码中包含本服务的名称。请选择不含该名称的密码。",
    too_many_attempts: "尝试次数过多。请等待一分钟后重试。",
    unclear: "我们无法确定您的密码是否已更改。请尝试使用新密码登录。如果无法登录，请再次打开邮件中的链接。",
    server_error: "我们的系统出现错误。您的密码未更改，链接仍然有效。请在一分钟后重试。",
    account_gone: "此账户已不存在。请联系我们的客服。",
    invalid: "信息缺失或不完整。请填写所有字段，并复制邮件中的完整验证码。",
    no_answer: "我们没有收到响应。请检查您的网络连接，然后重试。",

    forgot_title: "忘记密码？",
    forgot_text: "请输入您的用户名。我们将向您发送一封邮件，您可以通过其中的链接设置新密码。",
    user_name: "用户名",
    send_email: "发送邮件",
    sent_title: "请查收邮件",
    sent_text: "如果存在使用此用户名的账户，系统会发送一封包含链接的邮件。该链接只能使用一次，且仅在短时间内有效。如果几分钟内未收到，请检查垃圾邮件文件夹。",
    invalid_user_name: "请输入您的用户名。",
    not_sent: "我们的系统出现错误，邮件未发送。请在一分钟后重试。",
};
