//! Titles and names, in English and Korean.

use super::random::Random;

const ACTIONS: [(&str, &str); 8] = [
    ("Write", "작성"),
    ("Review", "검토"),
    ("Plan", "계획"),
    ("Prepare", "준비"),
    ("Read", "읽기"),
    ("Fix", "수정"),
    ("Discuss", "논의"),
    ("Practise", "연습"),
];
const OBJECTS: [(&str, &str); 16] = [
    ("quarterly report", "분기 보고서"),
    ("release notes", "릴리스 노트"),
    ("customer interview", "고객 인터뷰"),
    ("sign-up page", "가입 페이지"),
    ("database migration", "데이터베이스 이전"),
    ("piano étude", "피아노 연습곡"),
    ("Korean grammar", "한국어 문법"),
    ("budget for next year", "내년 예산"),
    ("team retrospective", "팀 회고"),
    ("garden", "정원"),
    ("travel bookings", "여행 예약"),
    ("thesis, chapter 3", "논문 3장"),
    ("inbox", "받은 편지함"),
    ("design of the timer card", "타이머 카드 디자인"),
    ("tax declaration", "세금 신고"),
    ("morning run", "아침 달리기"),
];
const DESCRIPTIONS: [&str; 5] = [
    "First the outline, then the details.",
    "See the notes of the last meeting.",
    "지난 회의록을 먼저 확인할 것.",
    "Blocked until the figures are there.\nAsk again on Thursday.",
    "초안만 작성하고, 다듬기는 내일.",
];
const EVENTS: [&str; 10] = [
    "Stand-up",
    "주간 회의",
    "One-to-one with Mina",
    "요가",
    "Focus time",
    "Choir",
    "독서 모임",
    "Swimming",
    "Review of the week",
    "월세 납부",
];
const GROUPS: [&str; 10] = [
    "Work",
    "공부",
    "Home",
    "건강",
    "Music",
    "프로젝트",
    "Writing",
    "가족",
    "Sport",
    "여가",
];
const TAGS: [&str; 20] = [
    "deep", "meeting", "email", "집중", "회의", "research", "planning", "review", "복습", "draft", "urgent", "someday",
    "learning", "운동", "reading", "code", "design", "휴식", "errands", "calls",
];
const FAMILY: [&str; 8] = ["Kim", "Lee", "Park", "García", "Schmidt", "Okafor", "Nguyen", "Rossi"];
const GIVEN: [&str; 12] = [
    "Mina", "Joon", "Seo-yeon", "Lucía", "Jonas", "Ada", "Linh", "Marco", "하은", "지훈", "Zoë", "Tariq",
];
const COLORS: [&str; 12] = [
    "#E53935", "#D81B60", "#8E24AA", "#5E35B1", "#3949AB", "#1E88E5", "#00897B", "#43A047", "#C0CA33", "#FDD835",
    "#FB8C00", "#6D4C41",
];

/// What a timer or todo is about.
pub fn task(random: &mut Random) -> String {
    let (action, object) = (random.of(&ACTIONS), random.of(&OBJECTS));
    let ((action, korean_action), (object, korean_object)) =
        (action.copied().unwrap_or_default(), object.copied().unwrap_or_default());
    match random.percent(55) {
        true => format!("{action} {object}"),
        false => format!("{korean_object} {korean_action}"),
    }
}

/// A description, sometimes.
pub fn description(random: &mut Random) -> Option<String> {
    let text = random.of(&DESCRIPTIONS).map(|text| (*text).to_owned());
    text.filter(|_| random.percent(25))
}

/// What recurs.
pub fn event(random: &mut Random) -> String {
    random.of(&EVENTS).copied().unwrap_or_default().to_owned()
}

/// The name of a group, by its number.
pub fn group(number: usize) -> String {
    numbered(&GROUPS, number)
}

/// The name of a tag, by its number: numbers below 20 have different names.
pub fn tag(number: usize) -> String {
    numbered(&TAGS, number)
}

/// A person's name, by number.
pub fn person(number: usize) -> String {
    let (given, family) = (GIVEN[number % GIVEN.len()], FAMILY[number / GIVEN.len() % FAMILY.len()]);
    format!("{given} {family}")
}

/// A colour, by number.
pub fn color(number: usize) -> String {
    COLORS[number % COLORS.len()].to_owned()
}

fn numbered(names: &[&str], number: usize) -> String {
    match number / names.len() {
        0 => names[number].to_owned(),
        round => format!("{} {}", names[number % names.len()], round + 1),
    }
}
