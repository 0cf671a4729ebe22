//! Korean.

use super::{
    direction::Direction,
    plural::Plural,
    texts::{
        ChoosePasswordTexts, LockAccountTexts, LockedMailTexts, MailTexts, NoticeTexts, PageTexts,
        RequestLinkTexts, ResetMailTexts, Texts,
    },
};
use crate::password::Violation;

pub(super) const TAG: &str = "ko";
pub(super) const DIRECTION: Direction = Direction::LeftToRight;

pub(super) static TEXTS: Texts = Texts {
    pages: PageTexts {
        log_in: "로그인",
        please_wait: "잠시만 기다려 주세요…",
        request_new_link: "새 링크 요청",
        too_many_attempts: "시도 횟수가 너무 많습니다. 1분 후에 다시 시도해 주세요.",
        no_response: "응답을 받지 못했습니다. 연결 상태를 확인한 후 다시 시도해 주세요.",
        contact_support: "고객센터에 문의",
        failed_title: "문제가 발생했습니다",
        page_failed: "시스템 오류가 발생했습니다. 이 페이지를 새로고침해 주세요.",
        not_configured: "서비스가 올바르게 설정되어 있지 않습니다. 고객센터에 문의해 주세요.",
        not_found_title: "페이지를 찾을 수 없습니다",
        not_found_text: "이 주소에는 페이지가 없습니다. 비밀번호를 재설정하려면 링크를 요청하세요.",
    },
    choose_password: ChoosePasswordTexts {
        title: "새 비밀번호 설정",
        new_password: "새 비밀번호",
        password_hint: "{}자 이상 입력하세요. 서로 관련 없는 단어 몇 개를 조합하면 기억하기 쉽습니다.",
        show_password: "비밀번호 표시",
        user_id: "사용자 ID",
        pending_code: "이메일로 받은 코드",
        pending_code_hint: "보내 드린 이메일에서 복사하세요.",
        change_password: "비밀번호 변경",

        changed_title: "비밀번호가 변경되었습니다",
        changed_text: "모든 기기에서 로그아웃되었습니다. 이제 새 비밀번호로 로그인할 수 있습니다.",
        withdrawals_held: "계정 보호를 위해 최소 {} 동안 출금이 중지됩니다.",

        link_dead: "링크가 유효하지 않거나 만료되었습니다. 새 링크를 요청하세요.",
        link_dead_after_unclear: "이 링크는 더 이상 사용할 수 없습니다. 이전 시도에서 비밀번호가 변경되었을 수 있습니다. 새 비밀번호로 로그인해 보세요. 로그인할 수 없으면 새 링크를 요청하세요.",
        rejected: |violation| match violation {
            Violation::TooShort { .. } => "비밀번호가 너무 짧습니다. {}자 이상 입력하세요.",
            Violation::TooLong => "비밀번호가 너무 깁니다. {}자 이하로 입력하세요.",
            Violation::Common => {
                "너무 흔한 비밀번호이거나 흔한 비밀번호와 너무 비슷합니다. 다른 비밀번호를 선택하세요."
            }
            Violation::Repetitive => "같은 문자열이 반복되는 비밀번호입니다. 다른 비밀번호를 선택하세요.",
            Violation::Sequence => {
                "키나 글자를 순서대로 나열한 비밀번호는 추측하기 쉽습니다. 다른 비밀번호를 선택하세요."
            }
            Violation::Breached => {
                "데이터 유출로 공격자에게 알려진 비밀번호입니다. 다른 곳에서 사용하지 않는 비밀번호를 선택하세요."
            }
            Violation::ContainsUserName => {
                "비밀번호에 사용자 이름이 포함되어 있습니다. 다른 비밀번호를 선택하세요."
            }
            Violation::ContainsServiceName => {
                "비밀번호에 서비스 이름이 포함되어 있습니다. 다른 비밀번호를 선택하세요."
            }
        },
        unclear: "비밀번호가 변경되었는지 확인할 수 없습니다. 새 비밀번호로 로그인해 보세요. 로그인할 수 없으면 이메일의 링크를 다시 여세요.",
        server_error: "시스템 오류가 발생했습니다. 비밀번호는 변경되지 않았으며 이번 시도로 링크가 사용 처리되지도 않았습니다. 1분 후에 다시 시도해 주세요.",
        account_gone: "더 이상 존재하지 않는 계정입니다. 고객센터에 문의해 주세요.",
        invalid: "누락되었거나 불완전한 항목이 있습니다. 모든 항목을 입력하고 이메일의 코드 전체를 복사하세요.",
    },
    request_link: RequestLinkTexts {
        title: "비밀번호를 잊으셨나요?",
        text: "사용자 이름이나 이메일 주소를 입력하세요. 새 비밀번호를 설정할 수 있는 링크를 이메일로 보내 드립니다.",
        user_name: "사용자 이름 또는 이메일 주소",
        send_email: "이메일 보내기",

        sent_title: "이메일을 확인하세요",
        sent_text: "이 사용자 이름이나 이메일 주소의 비밀번호를 이메일로 재설정할 수 있으면 몇 분 안에 링크가 도착합니다. 이전 이메일의 링크가 아직 유효하면 새 링크가 오지 않을 수 있으니 가장 최근 이메일을 사용하세요. 링크는 한 번만, 짧은 시간 동안만 사용할 수 있습니다. 스팸함도 확인하세요.",

        invalid_user_name: "사용자 이름이나 이메일 주소를 입력해 주세요.",
        not_sent: "시스템 오류가 발생하여 이메일을 보내지 못했습니다. 1분 후에 다시 시도해 주세요.",
        request_unclear: "요청이 접수되었는지 확인할 수 없습니다. 몇 분이 지나도 이메일이 도착하지 않으면 다시 시도해 주세요.",
    },
    lock_account: LockAccountTexts {
        title: "계정을 잠그시겠습니까?",
        text: "비밀번호를 직접 변경하지 않으셨다면 계정을 잠그세요. 모든 기기에서 로그아웃되며, 고객센터에서 계정 잠금을 해제할 때까지 아무도 로그인하거나 비밀번호를 재설정할 수 없습니다.",
        lock: "내 계정 잠그기",
        locked_title: "계정이 잠겼습니다",
        locked_text: "고객센터에서 계정 잠금을 해제할 때까지 아무도 로그인하거나 비밀번호를 재설정할 수 없습니다. 고객센터에 문의해 주세요.",
        link_dead: "링크가 유효하지 않거나 만료되었습니다. 고객센터에 문의해 주세요.",
        server_error: "시스템 오류가 발생하여 계정을 잠그지 못했습니다. 1분 후에 다시 시도해 주세요.",
        unclear: "계정이 잠겼는지 확인할 수 없습니다. 다시 시도해 주세요. 두 번 잠가도 문제가 없습니다.",
    },
    mails: MailTexts {
        minutes: Plural::other("{}분"),
        hours: Plural::other("{}시간"),
        bare_link: "버튼이 작동하지 않으면 다음 주소를 복사하여 브라우저에서 여세요.",
        user_name: "사용자 이름:",
        phrase: "피싱 방지 문구:",
        phrase_missing: "이메일에 이 문구가 없거나 다르면 저희가 보낸 이메일이 아닙니다.",
        never_ask: "저희 직원은 절대로 비밀번호나 코드를 묻지 않습니다. 누구에게도 알려 주지 마세요.",
    },
    reset_mail: ResetMailTexts {
        subject: "비밀번호 재설정",
        requested: "고객님의 {} 계정 비밀번호 재설정 요청을 받았습니다. 직접 요청하셨다면 다음 페이지를 열어 새 비밀번호를 설정하세요.",
        button: "새 비밀번호 설정",
        paste_code: "페이지에서 코드를 요구하면 다음 코드를 붙여 넣으세요.",
        user_id: "사용자 ID:",
        lifetime: "링크와 코드는 {} 동안 유효하며 한 번만 사용할 수 있습니다.",
        use_newest: "이 이메일을 여러 개 받은 경우 가장 최근 이메일을 사용하세요.",
        not_you: "직접 요청하지 않으셨다면 이 이메일을 무시하셔도 됩니다. 비밀번호는 그대로 유지됩니다.",
    },
    notice: NoticeTexts {
        subject: "비밀번호가 변경되었습니다",
        changed: "고객님의 {} 계정 비밀번호가 변경되었으며 모든 기기에서 로그아웃되었습니다.",
        time: "일시: ",
        country: "국가/지역: ",
        device: "기기: ",
        unknown: "알 수 없음",
        withdrawals_held: "계정 보호를 위해 다음 시각까지 출금이 중지됩니다: ",
        by_you: "직접 변경하셨다면 추가로 하실 일은 없습니다. 새 비밀번호로 로그인하세요.",
        not_by_you_lock: "직접 변경하지 않으셨다면 즉시 계정을 잠그세요. 그러면 고객센터에서 잠금을 해제할 때까지 아무도 로그인하거나 비밀번호를 재설정할 수 없습니다. 다음 링크는 7일 동안 유효합니다.",
        not_by_you: "직접 변경하지 않으셨다면 고객센터에 문의하고 즉시 다음 주소에서 비밀번호를 재설정하세요.",
        button: "비밀번호 재설정",
    },
    locked_mail: LockedMailTexts {
        subject: "계정이 잠겼습니다",
        locked: "새 비밀번호에 관한 이메일의 링크로 고객님의 {} 계정이 잠겼으며 모든 기기에서 로그아웃되었습니다. 아무도 로그인하거나 비밀번호를 재설정할 수 없습니다.",
        contact: "잠금을 해제하려면 고객센터에 문의해 주세요. 본인 여부를 확인해 드립니다.",
        not_you: "직접 잠그지 않으셨더라도 고객센터에 문의해 주세요. 다른 사람이 고객님의 이메일을 읽고 있을 수 있습니다.",
    },
};
