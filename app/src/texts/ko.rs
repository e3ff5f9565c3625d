//! Korean.

use super::tables::*;
use protocol::{
    friend::FriendActivity,
    sharing::{Level, ResourceKind},
    timers::{Reason, TimerAction},
    todo::TodoStatus,
};
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
    cancel_again: "취소 확인",
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

pub static TAGS: TagsTexts = TagsTexts {
    heading: "태그",
    lead: "하는 일을 색으로 나누어 보세요. 목표는 한 주 동안 그룹의 시간 가운데 태그가 차지할 비율입니다.",
    search: "태그 검색",
    new_group: "새 그룹",
    name: "이름",
    name_missing: "이름을 먼저 입력해 주세요.",
    name_taken: |name| format!("이 그룹에 “{name}” 태그가 이미 있습니다."),
    color: "색",
    colors: [
        "빨강",
        "주황",
        "황토",
        "올리브",
        "초록",
        "비취",
        "청록",
        "파랑",
        "남색",
        "보라",
        "분홍",
        "회색",
    ],
    other_color: "다른 색",
    goal: "목표",
    goal_hint: "퍼센트, 한 주 동안 그룹의 시간 가운데",
    goal_problem: "목표는 0부터 100까지의 정수입니다. 없으면 비워 두세요.",
    edit: |name| format!("{name} 편집"),
    edit_short: "편집",
    add: "태그 추가",
    add_hint: "새 태그",
    week: |time| format!("이번 주 {time}"),
    week_none: "이번 주 기록 없음",
    share: |share| format!("{share}%"),
    share_of_goal: |share, goal| format!("목표 {goal}% 중 {share}%"),
    reached: "목표 달성",
    goals_exceed: |sum| format!("이 그룹의 목표를 모두 더하면 {sum}%로, 전체 시간보다 많습니다."),
    hidden_tags: |count| format!("태그 {count}개 더 보기"),
    deleted_tag: |name| format!("“{name}” 태그를 삭제했습니다. 이 태그가 있던 타이머, 할 일, 일정은 남습니다."),
    deleted_last: |name, group, todos| match todos {
        0 => format!("“{group}” 그룹의 마지막 태그 “{name}”을(를) 삭제하여 그룹도 함께 삭제했습니다."),
        todos => {
            format!("“{group}” 그룹의 마지막 태그 “{name}”을(를) 삭제하여 그룹과 할 일 {todos}개도 함께 삭제했습니다.")
        }
    },
    deleted_group: |name, tags, todos| match (tags, todos) {
        (0, 0) => format!("“{name}” 그룹을 삭제했습니다."),
        (tags, 0) => format!("“{name}” 그룹과 태그 {tags}개를 삭제했습니다."),
        (0, todos) => format!("“{name}” 그룹과 할 일 {todos}개를 삭제했습니다."),
        (tags, todos) => format!("“{name}” 그룹과 태그 {tags}개, 할 일 {todos}개를 삭제했습니다."),
    },
    waits: "아직 전송되지 않음",
    empty: "아직 태그가 없습니다",
    empty_hint: "태그는 그룹에 속합니다. 예를 들어 “업무” 그룹에 “집중”과 “메일”을 둘 수 있습니다. 첫 그룹을 만들고 타이머, 할 일, 일정에 태그를 달아 보세요.",
    none_found: "이 이름의 태그나 그룹이 없습니다",
    pages: "그룹 더 보기",
    more_groups: "그룹 더 보기",
    all_groups: "모든 그룹",
};

pub static FRIENDS: FriendsTexts = FriendsTexts {
    heading: "친구",
    lead: "친구가 무엇을 하는지 보고, 친구에게 무엇을 보여 줄지 정하세요.",
    friends: "내 친구",
    empty: "아직 친구가 없습니다",
    empty_hint: "내 링크를 건네거나, 받은 코드나 링크, 이메일 주소로 친구를 요청해 보세요. 요청이 수락되면 서로의 타이머가 여기에 보입니다.",
    more: "친구 더 보기",
    first: "최근 친구",
    only_newest: "최근 항목만 표시합니다.",
    nameless: "이름 없는 사용자",
    ask: "친구 추가",
    ask_label: "코드, 링크 또는 이메일 주소",
    ask_send: "요청 보내기",
    ask_problem: "코드도, 친구의 링크도, 이메일 주소도 아닙니다.",
    asked: "요청을 보냅니다.",
    asked_address: "이 주소를 쓰는 사람이 있으면 요청을 보게 됩니다.",
    link_opened: "다른 사람의 링크를 열었습니다. 친구 요청을 보낼까요?",
    own_code: "내 링크입니다. 다른 사람에게 건네 주세요.",
    received: "받은 요청",
    accept: "수락",
    reject: "거절",
    rejected: "요청을 거절했습니다.",
    sent: "보낸 요청",
    sent_hint: "상대가 수락하면 누구인지 보입니다.",
    waits_for_answer: "답을 기다립니다",
    cancel_request: "요청 취소",
    cancelled: "요청을 취소했습니다.",
    does_nothing: "진행 중인 타이머 없음",
    since: |date| format!("{date}부터 친구"),
    sees: |count| match count {
        0 => "그 밖에 보이는 것 없음".to_owned(),
        count => format!("내 항목 {count}개가 보임"),
    },
    sees_heading: "이 친구에게 보이는 것",
    sees_none: "이 친구와 따로 공유한 것이 없습니다.",
    sees_more: |count| format!("그 밖에 {count}개"),
    shows: |shown| match shown {
        FriendActivity::Titles => "진행 중인 타이머와 제목이 보입니다.",
        FriendActivity::Running => "제목 없이 타이머가 진행 중인 것만 보입니다.",
        FriendActivity::Nothing => "진행 중인 타이머가 보이지 않습니다.",
    },
    shows_heading: "모든 친구에게 보이는 내 타이머",
    shows_level: |shown| match shown {
        FriendActivity::Titles => "진행 중인 타이머와 제목",
        FriendActivity::Running => "진행 중이라는 것만",
        FriendActivity::Nothing => "보이지 않음",
    },
    kind: |kind| match kind {
        ResourceKind::Schedule => "일정",
        ResourceKind::Timer => "타이머",
        ResourceKind::Todo => "할 일",
    },
    level: |level| match level {
        Level::Private => "나만",
        Level::Friends => "모든 친구",
        Level::Selected => "선택한 친구",
        Level::AllowedEmails => "지정한 주소",
        Level::Public => "모든 사람",
    },
    remove: "친구 끊기",
    removed: |name| format!("이제 {name} 님과 친구가 아닙니다."),
    block: "차단",
    blocked: "차단한 사용자",
    blocked_hint: "상대는 내 것을 볼 수 없고 요청도 보낼 수 없으며, 차단된 것을 알 수 없습니다.",
    blocked_now: |name| format!("{name} 님을 차단했습니다."),
    unblock: "차단 해제",
    invitation: "내 링크",
    invitation_hint: "이 링크가 있는 사람은 나에게 요청을 보낼 수 있습니다.",
    picture: "내 링크의 QR코드",
    link: "링크",
    code: "코드",
    copy: "복사",
    copied: "복사했습니다.",
    renew_code: "새 링크 만들기",
    code_renewed: "새 링크와 코드를 만듭니다. 예전 것은 더 이상 쓸 수 없습니다.",
    waits: "아직 전송되지 않음",
};

pub static SHARED: SharedTexts = SharedTexts {
    heading: "나와 공유됨",
    lead: "다른 사람이 보여 주는 것의 지금 상태입니다.",
    timers: "타이머",
    todos: "할 일",
    schedules: "앞으로 2주",
    everybody: "모두에게 공개됨",
    nameless: "이름 없는 사용자",
    due: |when| format!("{when}까지"),
    todo_status: |status| match status {
        TodoStatus::Unscheduled => "진행 전",
        TodoStatus::Scheduled => "예정됨",
        TodoStatus::Done => "완료",
        TodoStatus::Cancelled => "취소됨",
    },
    all_day: "하루 종일",
    more: |kind| match kind {
        ResourceKind::Timer => "타이머 더 보기",
        ResourceKind::Todo => "할 일 더 보기",
        ResourceKind::Schedule => "일정 더 보기",
    },
    first: "전체 보기",
    pages: "더 보기",
    incomplete: "반복 횟수가 너무 많아 표시하지 못한 일정이 있습니다.",
    empty: "공유된 것이 없습니다",
    empty_hint: "누군가 타이머, 할 일, 일정을 공유하면 여기에 실시간으로 보입니다.",
    to_friends: "친구 페이지로 가기",
};
