//! Korean.

use super::tables::*;
use protocol::timers::{Reason, TimerAction};
#[cfg(feature = "ssr")]
use protocol::{limits, rest::account::AccountRefusal};

const WEEKDAYS: [&str; 7] = ["월요일", "화요일", "수요일", "목요일", "금요일", "토요일", "일요일"];

pub static COMMON: CommonTexts = CommonTexts {
    seconds: |seconds| format!("{seconds}초"),
    minutes: |minutes| format!("{minutes}분"),
    hours: |hours| format!("{hours}시간"),
    hours_minutes: |hours, minutes| format!("{hours}시간 {minutes}분"),
    running: "진행 중",
    paused: "일시정지",
    completed: "완료",
    cancelled: "취소됨",
    untitled: "타이머",
    of: |part, whole| format!("{whole} 중 {part}"),
    today: "오늘",
    tomorrow: "내일",
    yesterday: "어제",
    in_days: |days| format!("{days}일 후"),
    days_ago: |days| format!("{days}일 전"),
    half_day: |time, is_afternoon| format!("{} {time}", if is_afternoon { "오후" } else { "오전" }),
    date: |month, day| format!("{month}월 {day}일"),
    month: |year, month| format!("{year}년 {month}월"),
    full_date: |weekday, year, month, day| {
        format!(
            "{year}년 {month}월 {day}일 {}",
            WEEKDAYS.get(weekday).copied().unwrap_or_default()
        )
    },
    weekdays: WEEKDAYS,
    weekdays_short: ["월", "화", "수", "목", "금", "토", "일"],
    cancel: "취소",
    save: "저장",
    delete: "삭제",
    close: "닫기",
    undo: "실행 취소",
    try_again: "다시 시도",
};

pub static LAYOUT: LayoutTexts = LayoutTexts {
    navigation: "페이지",
    skip: "본문으로 건너뛰기",
    timers: "타이머",
    calendar: "캘린더",
    todos: "할 일",
    history: "기록",
    tags: "태그",
    friends: "친구",
    shared: "공유",
    settings: "설정",
    more: "더 보기",
    sign_out: "로그아웃",
    sign_out_failed: "서버에 연결할 수 없어 아직 로그인된 상태입니다. 다시 시도해 주세요.",
    runs_now: "지금 진행 중",
    more_running: |count| format!("+{count}"),
    pause: "일시정지",
    resume: "계속",
    stop: "정지",
    connecting: "연결 중…",
    live: "동기화됨",
    reconnecting: "다시 연결하는 중…",
    reconnecting_in: |seconds| format!("{seconds}초 후 다시 연결"),
    offline: "오프라인",
    signed_out: "로그아웃됨",
    outdated: "새로 고침이 필요합니다",
    lost_spoken: "연결이 끊어졌습니다. 다시 연결하고 있습니다.",
    offline_spoken: "오프라인 상태입니다.",
    signed_out_spoken: "로그아웃되었습니다.",
    outdated_spoken: "이 페이지는 오래되었습니다. 새로 고침해 주세요.",
    try_now: "지금 연결",
    sign_in_again: "다시 로그인",
    reload: "새로 고침",
    waiting: |count| format!("변경 {count}건이 전송을 기다립니다"),
    no_scripts: "JavaScript가 꺼져 있어 페이지를 불러온 시점의 상태만 보입니다. 변경하거나 실시간으로 보려면 JavaScript를 허용하고 새로 고침해 주세요.",
    load_failed: "페이지를 완전히 불러오지 못해 버튼이 작동하지 않습니다. ",
    dismiss: "닫기",
    keep: "그대로 두기",
    use_time: |time| format!("{time} 사용"),
    palette: "찾기와 실행",
    palette_hint: "페이지, 타이머, 할 일, 일정을 찾거나 할 일을 입력하세요",
    palette_empty: "찾는 이름이 없습니다.",
    palette_new_timer: "새 타이머",
    palette_pause: |title| format!("“{title}” 일시정지"),
    palette_resume: |title| format!("“{title}” 계속"),
    palette_stop: |title| format!("“{title}” 정지"),
    palette_start: |title| format!("“{title}” 시작"),
    palette_page: "페이지",
    palette_timer: "타이머",
    palette_todo: "할 일",
    palette_schedule: "일정",
    palette_action: "동작",
    help: "키보드 단축키",
    help_lead: "글을 입력하지 않을 때 어디서나 쓸 수 있습니다.",
    help_new: "새 타이머",
    help_toggle: "최근 타이머 일시정지 또는 계속",
    help_stop: "최근 타이머 정지",
    help_search: "이 페이지에서 검색",
    help_palette: "무엇이든 찾기와 실행",
    help_help: "이 목록",
    help_go: "페이지로 이동",
    language: "언어",
    theme: "테마",
    theme_system: "기기 설정대로",
    theme_light: "밝게",
    theme_dark: "어둡게",
};

pub static NOTICES: NoticeTexts = NoticeTexts {
    refusal: |reason, message| match reason {
        Reason::TimerNotFound => "타이머가 더 이상 없어 아무것도 바뀌지 않았습니다.".to_owned(),
        Reason::TimerAlreadyCompleted => "이미 끝난 타이머라 아무것도 바뀌지 않았습니다.".to_owned(),
        Reason::TimerNotRunning => "이미 일시정지된 타이머입니다.".to_owned(),
        Reason::TimerNotPaused => "이미 진행 중인 타이머입니다.".to_owned(),
        Reason::ScheduleNotFound => "일정이 더 이상 없어 타이머를 시작하지 않았습니다.".to_owned(),
        Reason::TodoNotFound => "할 일이 더 이상 없어 타이머를 시작하지 않았습니다.".to_owned(),
        Reason::TagNotFound => "태그 하나가 더 이상 없어 타이머를 시작하지 않았습니다.".to_owned(),
        Reason::OccurredAtInvalid => {
            "여기서 조작한 뒤 다른 기기에서 이 타이머가 바뀌어 아무것도 바뀌지 않았습니다.".to_owned()
        }
        Reason::InternalError => "지금은 서버가 처리할 수 없습니다. 다시 시도해 주세요.".to_owned(),
        _ => format!("요청이 거부되었습니다: {message}"),
    },
    news: |title, action| {
        let what = match action {
            TimerAction::Start => "시작됨",
            TimerAction::Pause => "일시정지됨",
            TimerAction::Resume => "다시 진행 중",
            TimerAction::Stop => "완료",
            TimerAction::Cancel => "취소됨",
            TimerAction::Sync => "변경됨",
        };
        format!("{title}: {what}")
    },
    ended_elsewhere: |title, there, is_another_day, here| {
        let day = if is_another_day { "다른 날 " } else { "" };
        format!(
            "{title}: 다른 기기에서 {day}{there}에 끝냈습니다. 이 기기에서는 {here}에 정지했습니다. 이 시각을 쓸까요?"
        )
    },
    dropped: "하루가 넘도록 서버에 전해지지 않은 변경 일부를 버렸습니다.",
    write_refused: |message| format!("요청이 거부되었습니다: {message}"),
    time_is_up: |title| format!("{title}: 시간이 다 되었습니다"),
};

pub static TIMERS: TimersTexts = TimersTexts {
    heading: "내 타이머",
    form: "새 타이머",
    title: "제목",
    title_hint: "무엇을 할까요?",
    minutes: "분",
    minutes_problem: "1부터 525,600(1년)까지의 정수로 분을 입력하세요.",
    presets: "빠른 선택",
    unit: "분",
    start: "시작",
    active: "진행 중이거나 일시정지된 타이머",
    idle: "진행 중인 타이머가 없습니다",
    idle_hint: "할 일의 이름과 시간을 정하고 시작하세요. 로그인한 모든 기기에서 함께 흐릅니다.",
    over_time: "시간 초과",
    time_is_up: "시간이 다 되었습니다",
    waits_for_sign_in: "다시 로그인하면 반영됩니다",
    waits_for_network: "온라인이 되면 반영됩니다",
    cancel: "취소",
    cancelled: |title| format!("“{title}” 타이머를 취소했습니다."),
    no_end: "끝 없음",
    recent: "최근",
    suggestions: "추천",
    next: "오늘 남은 일정",
    all_day: "하루 종일",
    ended_today: "오늘",
    ended_none: "정지하거나 취소한 타이머가 자정까지 여기에 표시됩니다.",
    ended_more: "최근 것만 표시됩니다. 더 있습니다.",
    ended_sum: |count, time| format!("{count}개 완료 · {time}"),
    friends: "친구",
    friends_none: "친구가 타이머를 시작하면 여기에 보입니다.",
    schedule: "일정",
    todo: "할 일",
    tag: "태그",
    tags: "태그",
    no_schedule: "일정 없음",
    no_todo: "할 일 없음",
    links_add: "일정, 할 일, 태그 추가",
    repeats: "반복",
};

pub static SETTINGS: SettingsTexts = SettingsTexts {
    privacy: "공개 범위",
    friends_see: "친구에게 보이는 내 타이머",
    friends_titles: "진행 상태와 제목",
    friends_running: "제목 없이 진행 상태만",
    friends_nothing: "보이지 않음",
    look: "화면",
    time: "시간",
    timers: "타이머",
    account: "계정",
    as_browser: "브라우저 설정대로",
    as_device: "기기 설정대로",
    by_language: "언어에 따라",
    time_zone: "시간대",
    zone_unknown: "그런 시간대가 없습니다. Asia/Seoul 같은 이름을 쓰고, 기기의 시간대를 쓰려면 비워 두세요.",
    week_start: "한 주의 첫날",
    hour_cycle: "시계",
    hours_24: "24시간",
    hours_12: "12시간",
    default_minutes: "새 타이머의 길이(분)",
    sound: "시간이 다 되면 소리",
    notifications: "시간이 다 되면 알림",
    denied: "브라우저가 이 사이트의 알림을 막고 있습니다. 브라우저 설정에서 허용한 뒤 다시 시도하세요.",
    test_hint: "시간이 다 되면 어떻게 되는지 시험해 보기",
    test: "시험",
    test_title: "시간이 다 되면 이렇게 알립니다",
};

#[cfg(feature = "ssr")]
pub static AUTH: AuthTexts = AuthTexts {
    tagline: "모든 기기에서 발맞추는 타이머.",
    pitch: "여기서 시작하고 저기서 멈추세요. 모든 화면이 같은 초를 보여 줍니다.",
    sign_in_title: "로그인 – Lockstep",
    sign_in_heading: "다시 오셨군요",
    sign_in_lead: "로그인하고 떠났던 바로 그 초부터 이어 가세요.",
    sign_in: "로그인",
    email: "이메일",
    password: "비밀번호",
    new_here: "처음이신가요? ",
    sign_up_title: "계정 만들기 – Lockstep",
    sign_up_heading: "계정 만들기",
    sign_ups_open: "계정 하나로 모든 기기에서 같은 초를.",
    sign_ups_invite: "이 서버는 초대를 받아야 가입할 수 있습니다.",
    sign_ups_closed: "이 서버는 새 계정을 받지 않습니다.",
    sign_up: "계정 만들기",
    sign_up_link: "계정 만들기",
    have_account: "이미 계정이 있나요? ",
    invitation: "초대장",
    name: "이름",
    optional: "선택",
    password_hint: |characters| format!("{characters}자 이상. 단어 몇 개를 이으면 기억하기 쉽습니다."),
    refusal: |refusal| {
        let wait = refusal.retry_after().map(|seconds| match seconds.clamp(1, 3_600) {
            seconds @ ..=99 => format!("{seconds}초"),
            seconds => format!("{}분", seconds.div_ceil(60)),
        });
        let wait = wait.unwrap_or_default();
        match refusal {
            AccountRefusal::EmailInvalid => {
                "이메일 주소가 아닙니다. name@example.com 같은 형식이어야 합니다.".to_owned()
            }
            AccountRefusal::PasswordTooShort => {
                format!("비밀번호는 {}자 이상이어야 합니다.", limits::PASSWORD_MIN_CHARS)
            }
            AccountRefusal::PasswordTooLong => format!("비밀번호는 {}자 이하여야 합니다.", limits::PASSWORD_MAX_CHARS),
            AccountRefusal::PasswordTooCommon => {
                "추측하기 쉬운 비밀번호입니다. 서로 관련 없는 단어 몇 개를 이어 보세요.".to_owned()
            }
            AccountRefusal::NameTooLong => format!("이름은 {}자 이하여야 합니다.", limits::TITLE_CHARS),
            AccountRefusal::NameHasNul => "이름에 널 문자(U+0000)를 쓸 수 없습니다.".to_owned(),
            AccountRefusal::EmailTaken => "이 이메일 주소의 계정이 이미 있습니다. 로그인해 주세요.".to_owned(),
            AccountRefusal::WrongCredentials => "이메일 주소나 비밀번호가 올바르지 않습니다.".to_owned(),
            AccountRefusal::TooManyAttempts { .. } => format!("시도가 너무 많습니다. {wait} 후 다시 시도해 주세요."),
            AccountRefusal::TooManySignUps { .. } => {
                format!("이 네트워크에서 계정을 너무 많이 만들었습니다. {wait} 후 다시 시도해 주세요.")
            }
            AccountRefusal::TooManyRequests { .. } => format!("요청이 너무 많습니다. {wait} 후 다시 시도해 주세요."),
            AccountRefusal::Busy { .. } => format!("서버가 바쁩니다. {wait} 후 다시 시도해 주세요."),
            AccountRefusal::SignUpsClosed => "이 서버는 새 계정을 받지 않습니다.".to_owned(),
            AccountRefusal::InvitationInvalid => {
                "쓰지 않은 유효한 초대장이 필요합니다. 운영자에게 요청해 주세요.".to_owned()
            }
            AccountRefusal::SignedOut => "로그아웃되었습니다. 다시 로그인해 주세요.".to_owned(),
            AccountRefusal::Disabled => "이 서버에는 자체 계정이 없습니다.".to_owned(),
        }
    },
    unavailable: "저희 쪽에 문제가 생겼습니다. 잠시 후 다시 시도해 주세요.",
    unreachable: "서버에 연결할 수 없습니다. 네트워크를 확인하고 다시 시도해 주세요.",
};

#[cfg(feature = "ssr")]
pub static FAILURES: FailureTexts = FailureTexts {
    not_found_title: "찾을 수 없음 – Lockstep",
    not_found_heading: "이 페이지는 박자를 벗어났습니다",
    not_found: "이 주소에는 아무것도 없습니다. 옮겨졌거나 원래 없었을 수 있습니다.",
    to_timers: "타이머로 가기",
    failed_title: "이용할 수 없음 – Lockstep",
    failed_heading: "한 박자 놓쳤습니다",
    failed: "그동안에도 타이머는 아무것도 잃지 않고 그대로 이어집니다.",
    too_many_title: "요청이 너무 많음 – Lockstep",
};

pub static TIMER_PAGE: TimerPageTexts = TimerPageTexts {
    figures: "이 타이머의 시간",
    worked: "작업한 시간",
    breaks: "휴식",
    started: "시작",
    ended: "종료",
    title: "제목",
    rename: "이름 바꾸기",
    description: "설명",
    edit_description: "편집",
    no_description: "아직 적은 내용이 없습니다.",
    waits: "아직 저장되지 않음",
    shared: "나에게 공유됨",
    shared_by: |name| format!("{name} 님이 공유함"),
    span: "작업과 휴식",
    span_parts: "구간",
    span_hint: "구간을 가리키거나 화살표 키를 누르면 시각을 볼 수 있습니다.",
    work: "작업",
    pause: "휴식",
    over: "계획 초과",
    describe: |part, from, until, length| format!("{part} {from} – {until}, {length}"),
    replaced: |time| format!("종료 시각을 고쳤습니다. 원래는 {time}에 끝났습니다."),
    part: "구분",
    from: "시작",
    until: "끝",
    length: "길이",
    now: "지금",
    earlier_parts: |count| format!("이전 구간 {count}개는 표시하지 않았습니다."),
    links: "연결",
    no_links: "연결된 일정, 할 일, 태그가 없습니다.",
    change_links: "일정, 할 일, 태그 바꾸기",
    correct: "종료 시각 고치기",
    correct_bounds: |from, until| {
        format!("마지막으로 시작하거나 멈춘 {from}부터 지금({until})까지 고를 수 있습니다. 원래 종료 시각도 남습니다.")
    },
    correct_save: "고치기",
    share: "볼 수 있는 사람",
    level_private: "나만",
    level_private_hint: "다른 사람은 이 타이머를 볼 수 없습니다.",
    level_friends: "친구",
    level_friends_hint: "모든 친구가 볼 수 있습니다.",
    level_selected: "일부 친구",
    level_selected_hint: "선택한 친구만 볼 수 있습니다.",
    level_emails: "이메일로",
    level_emails_hint: "확인된 주소가 목록에 있는 사람만 볼 수 있습니다.",
    level_public: "모두",
    level_public_hint: "이 서버에 로그인한 모든 사람이 볼 수 있습니다.",
    share_friends: "볼 수 있는 친구",
    no_friends: "아직 친구가 없어 선택할 사람이 없습니다.",
    share_emails: "이메일 주소",
    share_domains: "도메인",
    share_lists_hint: "여러 개는 쉼표로 구분하세요. 도메인을 적으면 그 도메인의 모든 주소가 포함됩니다.",
    share_problem: |entry| format!("“{entry}”은(는) 이메일 주소나 도메인이 아닙니다."),
    again: "다시 시작",
    deleted: |title| format!("“{title}” 타이머를 삭제했습니다."),
    gone: "삭제된 타이머입니다",
    to_history: "기록 살펴보기",
};

pub static HISTORY: HistoryTexts = HistoryTexts {
    sum: |count, time| format!("타이머 {count}개 · {time}"),
    text: "검색",
    text_hint: "제목 또는 설명",
    search: "검색",
    clear: "모두 보기",
    more: "상태, 태그, 날짜, 연결",
    status: "상태",
    tags: "태그",
    from: "시작일",
    to: "종료일",
    any_schedule: "모든 일정",
    any_todo: "모든 할 일",
    week: |first, last, year| format!("{year}년 {first} – {last}"),
    since: |time| format!("{time}부터"),
    again: "다시 시작",
    again_named: |title| format!("다시 시작: {title}"),
    select: |title| format!("{title} 선택"),
    selection: "선택한 타이머",
    selected: |count| format!("{count}개 선택됨"),
    select_all: "이 페이지 모두 선택",
    select_none: "선택 해제",
    deleted: |count| format!("타이머 {count}개를 삭제했습니다."),
    pages: "더 많은 타이머",
    newest: "최신",
    older: "이전",
    none: "아직 기록이 없습니다",
    none_hint: "시작한 모든 타이머가 날짜와 주별로 여기에 남습니다.",
    first: "첫 타이머 시작하기",
    no_match: "조건에 맞는 타이머가 없습니다",
};
