//! A recorded session as a program that plays it again: each command waits for its answer. Timers get other ids, so each
//! program takes them from the answers.

use super::recording::{Line, Replay, TOKEN, command_id, one_line};
use protocol::rest::playground::TEST_USERS_PATH;

/// The languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    Shell,
    JavaScript,
    Python,
    Rust,
}

impl Language {
    pub const ALL: [Self; 4] = [Self::Shell, Self::JavaScript, Self::Python, Self::Rust];

    pub fn name(self) -> &'static str {
        match self {
            Self::Shell => "curl and websocat",
            Self::JavaScript => "JavaScript",
            Self::Python => "Python",
            Self::Rust => "Rust",
        }
    }

    /// The program around the calls.
    fn template(self) -> &'static str {
        match self {
            Self::Shell => include_str!("snippets/shell.txt"),
            Self::JavaScript => include_str!("snippets/javascript.txt"),
            Self::Python => include_str!("snippets/python.txt"),
            Self::Rust => include_str!("snippets/rust.txt"),
        }
    }

    fn call(self, call: &Call) -> String {
        match self {
            Self::Shell => shell(call),
            Self::JavaScript => javascript(call),
            Self::Python => python(call),
            Self::Rust => rust(call),
        }
    }

    fn variable(self, number: usize) -> String {
        match self {
            Self::JavaScript => format!("timer{}", number + 1),
            Self::Shell | Self::Python | Self::Rust => format!("timer_{}", number + 1),
        }
    }
}

/// Where the session ran.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Such as `http://localhost:2614`.
    pub origin: String,
    /// The path of the socket, with its query.
    pub path: String,
}

/// A message in a program.
struct Call {
    /// The message between the values that are put into it.
    parts: Vec<Part>,
    /// Its id, by which its answer is known.
    command: Option<String>,
    /// The number of the timer that it creates.
    creates: Option<usize>,
}

enum Part {
    Text(String),
    Timer(usize),
    Token,
}

/// Writes the program. Binary messages are left out.
pub fn snippet(language: Language, target: &Target, lines: &[Line]) -> String {
    let (replay, steps) = Replay::new(lines);
    let texts = steps.iter().filter(|step| !step.is_binary);
    let calls = texts.map(|step| {
        language.call(&Call {
            parts: parts(&step.text, &replay),
            command: command_id(&step.text),
            creates: replay.created_by(&step.text),
        })
    });
    let calls: String = calls.collect();
    let socket = format!("{}{}", target.origin.replacen("http", "ws", 1), target.path);
    // The calls last, which may contain anything.
    language
        .template()
        .replace("@ORIGIN@", &target.origin)
        .replace("@USERS@", TEST_USERS_PATH)
        .replace("@SOCKET@", &socket)
        .replace("@CALLS@", calls.trim_end())
}

/// Divides a message at the ids of timers and at the token.
fn parts(text: &str, replay: &Replay) -> Vec<Part> {
    let marks = replay.timers().map(|(number, id)| (id.to_owned(), Some(number)));
    let marks: Vec<(String, Option<usize>)> = marks.chain([(TOKEN.to_owned(), None)]).collect();
    let mut parts = vec![];
    // Programs need no line breaks within a message.
    let text = one_line(text);
    let mut rest = text.as_str();
    while let Some((at, mark)) = marks
        .iter()
        .filter_map(|mark| Some((rest.find(&mark.0)?, mark)))
        .min_by_key(|(at, _)| *at)
    {
        parts.push(Part::Text(rest[..at].to_owned()));
        parts.push(mark.1.map_or(Part::Token, Part::Timer));
        rest = &rest[at + mark.0.len()..];
    }
    parts.push(Part::Text(rest.to_owned()));
    parts
}

fn joined(call: &Call, text: impl Fn(&str) -> String, value: impl Fn(&str) -> String, language: Language) -> String {
    let parts = call.parts.iter().map(|part| match part {
        Part::Text(part) => text(part),
        Part::Timer(number) => value(&language.variable(*number)),
        Part::Token => value(if language == Language::Shell { "TOKEN" } else { "token" }),
    });
    parts.collect()
}

fn shell(call: &Call) -> String {
    // A single quote ends the text, is written escaped, and begins it again.
    let quoted = |text: &str| text.replace('\'', r"'\''");
    let text = joined(call, quoted, |name| format!("'\"${name}\"'"), Language::Shell);
    let Some(command) = &call.command else {
        return format!("send '{text}'\n");
    };
    let create = |number| format!("{}=$(timer_of_answer)\n", Language::Shell.variable(number));
    let create = call.creates.map(create).unwrap_or_default();
    format!("ask '{}' '{text}'\n{create}", quoted(command))
}

fn javascript(call: &Call) -> String {
    let escaped = |text: &str| text.replace('\\', r"\\").replace('`', r"\`").replace("${", r"\${");
    let text = joined(call, escaped, |name| format!("${{{name}}}"), Language::JavaScript);
    match (call.creates, &call.command) {
        (Some(number), _) => {
            let name = Language::JavaScript.variable(number);
            format!("const {name} = (await ask(`{text}`)).payload.timer.id;\n")
        }
        (None, Some(_)) => format!("await ask(`{text}`);\n"),
        (None, None) => format!("send(`{text}`);\n"),
    }
}

fn python(call: &Call) -> String {
    let escaped = |text: &str| {
        let text = text.replace('\\', r"\\").replace('\'', r"\'");
        text.replace('{', "{{").replace('}', "}}")
    };
    let text = joined(call, escaped, |name| format!("{{{name}}}"), Language::Python);
    match (call.creates, &call.command) {
        (Some(number), _) => {
            let name = Language::Python.variable(number);
            format!("        {name} = (await ask(f'{text}'))[\"payload\"][\"timer\"][\"id\"]\n")
        }
        (None, Some(_)) => format!("        await ask(f'{text}')\n"),
        (None, None) => format!("        await send(f'{text}')\n"),
    }
}

fn rust(call: &Call) -> String {
    let escaped = |text: &str| text.replace('{', "{{").replace('}', "}}");
    let text = joined(call, escaped, |name| format!("{{{name}}}"), Language::Rust);
    let text = format!("format!(r##\"{text}\"##)");
    match (call.creates, &call.command) {
        (Some(number), _) => {
            let name = Language::Rust.variable(number);
            format!("    let {name} = timer_of(&ask(&mut socket, {text}).await?).to_owned();\n")
        }
        (None, Some(_)) => format!("    ask(&mut socket, {text}).await?;\n"),
        (None, None) => format!("    send(&mut socket, {text}).await?;\n"),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::recording::tests::session, *};

    fn program(language: Language) -> String {
        let target = Target {
            origin: "http://localhost:2614".to_owned(),
            path: "/v1/ws/timers?dialect=snake".to_owned(),
        };
        let mut lines = session();
        lines[0].text = lines[0].text.replace("60}", "60,\"title\":\"Ada's `tea`\"}");
        snippet(language, &target, &lines)
    }

    #[test]
    fn programs_connect_and_take_the_timers_from_the_answers() {
        for language in Language::ALL {
            let program = program(language);
            assert!(
                program.contains("ws://localhost:2614/v1/ws/timers?dialect=snake"),
                "{program}"
            );
            assert!(program.contains("/ws-playground/users"), "{program}");
            assert!(!program.contains("t-old"), "{program}");
        }
        let shell = program(Language::Shell);
        assert!(shell.contains("ask 'a' '{"), "{shell}");
        assert!(shell.contains(r#""timer_id":"'"$timer_1"'""#), "{shell}");
        assert!(shell.contains("timer_1=$(timer_of_answer)"), "{shell}");
        assert!(shell.contains(r"Ada'\''s"), "{shell}");
        let javascript = program(Language::JavaScript);
        assert!(
            javascript.contains(r#""timer_id":"${timer1}""#) && javascript.contains(r"\`tea\`"),
            "{javascript}"
        );
        let python = program(Language::Python);
        assert!(
            python.contains(r#"{{"timer_id":"{timer_1}"}}"#) && python.contains(r"Ada\'s"),
            "{python}"
        );
        let rust = program(Language::Rust);
        assert!(
            rust.contains("let timer_1 = timer_of(&ask(&mut socket, format!"),
            "{rust}"
        );
    }
}
