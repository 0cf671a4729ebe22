//! Japanese.

use super::{
    direction::Direction,
    plural::Plural,
    texts::{
        ChoosePasswordTexts, MailTexts, NoticeTexts, PageTexts, RequestLinkTexts, ResetMailTexts, Texts,
    },
};
use crate::password::Violation;

pub(super) const TAG: &str = "ja";
pub(super) const DIRECTION: Direction = Direction::LeftToRight;

pub(super) static TEXTS: Texts = Texts {
    pages: PageTexts {
        log_in: "ログイン",
        please_wait: "お待ちください…",
        request_new_link: "新しいリンクをリクエスト",
        too_many_attempts: "試行回数が多すぎます。1分ほど待ってから、もう一度お試しください。",
        no_response: "応答がありませんでした。接続を確認して、もう一度お試しください。",
        failed_title: "エラーが発生しました",
        page_failed: "システムエラーが発生しました。ページを再読み込みしてください。",
        not_configured: "このサービスは正しく設定されていません。サポートまでお問い合わせください。",
        not_found_title: "ページが見つかりません",
        not_found_text: "このアドレスにページはありません。パスワードを再設定するには、リンクをリクエストしてください。",
    },
    choose_password: ChoosePasswordTexts {
        title: "新しいパスワードの設定",
        new_password: "新しいパスワード",
        password_hint: "{}文字以上で入力してください。互いに関係のない単語をいくつか並べると覚えやすくなります。",
        show_password: "パスワードを表示",
        user_id: "ユーザーID",
        pending_code: "メールに記載のコード",
        pending_code_hint: "お送りしたメールからコピーしてください。",
        change_password: "パスワードを変更",

        changed_title: "パスワードが変更されました",
        changed_text: "すべての端末からログアウトしました。新しいパスワードでログインできます。",
        withdrawals_held: "お客様の保護のため、少なくとも{}、出金を停止します。",

        link_dead: "このリンクは無効か、有効期限が切れています。新しいリンクをリクエストしてください。",
        link_dead_after_unclear: "このリンクは使用できなくなりました。前回の操作でパスワードが変更された可能性があります。新しいパスワードでログインをお試しください。ログインできない場合は、新しいリンクをリクエストしてください。",
        rejected: |violation| match violation {
            Violation::TooShort { .. } => "パスワードが短すぎます。{}文字以上で入力してください。",
            Violation::TooLong => "パスワードが長すぎます。{}文字以内で入力してください。",
            Violation::Common => {
                "このパスワードは、よく使われているものか、それによく似ています。別のパスワードを入力してください。"
            }
            Violation::Repetitive => {
                "このパスワードは同じ文字列の繰り返しです。別のパスワードを選んでください。"
            }
            Violation::Sequence => {
                "このパスワードはキーや文字を順に並べたもので、推測されやすいです。別のパスワードを選んでください。"
            }
            Violation::Breached => {
                "このパスワードは過去のデータ漏えいに含まれており、攻撃者に知られています。ほかで使っていないパスワードを選んでください。"
            }
            Violation::ContainsUserName => {
                "パスワードにユーザー名が含まれています。別のパスワードを入力してください。"
            }
            Violation::ContainsServiceName => {
                "パスワードに当サービスの名称が含まれています。別のパスワードを入力してください。"
            }
        },
        unclear: "パスワードが変更されたかどうかを確認できませんでした。新しいパスワードでログインをお試しください。ログインできない場合は、メールのリンクをもう一度開いてください。",
        server_error: "システムエラーが発生しました。パスワードは変更されておらず、今回の操作でリンクが使用済みになることもありません。1分ほど待ってから、もう一度お試しください。",
        account_gone: "このアカウントは存在しません。サポートまでお問い合わせください。",
        invalid: "入力内容に不足があります。すべての項目を入力し、メールに記載のコード全体をコピーしてください。",
    },
    request_link: RequestLinkTexts {
        title: "パスワードをお忘れですか？",
        text: "ユーザー名を入力してください。新しいパスワードを設定するためのリンクをメールでお送りします。",
        user_name: "ユーザー名",
        send_email: "メールを送信",

        sent_title: "メールをご確認ください",
        sent_text: "このユーザー名のパスワードをメールで再設定できる場合は、数分以内にリンクが届きます。以前のメールのリンクがまだ有効な場合は、新しいリンクが届かないことがあります。最新のメールをご使用ください。リンクは短時間のみ有効で、1回しか使用できません。迷惑メールフォルダーもご確認ください。",

        invalid_user_name: "ユーザー名を入力してください。",
        not_sent: "システムエラーが発生し、メールを送信できませんでした。1分ほど待ってから、もう一度お試しください。",
        request_unclear: "リクエストが受け付けられたかどうかを確認できませんでした。数分経ってもメールが届かない場合は、もう一度お試しください。",
    },
    mails: MailTexts {
        minutes: Plural::other("{}分間"),
        hours: Plural::other("{}時間"),
        bare_link: "ボタンが機能しない場合は、次のアドレスをコピーしてブラウザーで開いてください。",
        phrase: "フィッシング対策フレーズ：",
        phrase_missing: "このフレーズが記載されていない、または異なるメールは、当社からのメールではありません。",
        never_ask: "当社の担当者がお客様のパスワードやコードをお尋ねすることは決してありません。誰にも教えないでください。",
    },
    reset_mail: ResetMailTexts {
        subject: "パスワードの再設定",
        requested: "お客様のアカウントについて、パスワードの再設定がリクエストされました。お客様ご自身によるリクエストの場合は、次のページを開き、新しいパスワードを設定してください。",
        button: "新しいパスワードを設定",
        paste_code: "ページでコードの入力を求められた場合は、次のコードを貼り付けてください。",
        user_id: "ユーザーID：",
        lifetime: "リンクとコードは{}有効で、1回しか使用できません。",
        use_newest: "このメールが複数届いた場合は、最新のものをご使用ください。",
        not_you: "お心当たりがない場合は、このメールを無視していただいて問題ありません。パスワードは現在のままです。",
    },
    notice: NoticeTexts {
        subject: "パスワードが変更されました",
        changed: "お客様のアカウントのパスワードが変更され、すべての端末からログアウトしました。",
        time: "日時：",
        country: "国・地域：",
        device: "端末：",
        unknown: "不明",
        withdrawals_held: "お客様の保護のため、次の日時まで出金を停止しています：",
        by_you: "お客様ご自身による変更の場合、これ以上のお手続きは必要ありません。新しいパスワードでログインしてください。",
        not_by_you: "お心当たりがない場合は、サポートまでご連絡のうえ、直ちに次のアドレスからパスワードを再設定してください。",
        button: "パスワードを再設定",
    },
};
