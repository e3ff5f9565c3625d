//! The sockets and their messages, as `/asyncapi.json` describes them: the forms are generated from the same schemas.

use serde_json::{Map, Value};

/// The AsyncAPI document of the server.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document(Value);

/// A WebSocket that the server has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// Its name in the document.
    pub name: String,
    /// The path.
    pub address: String,
}

/// A message that clients send.
#[derive(Clone, Debug, PartialEq)]
pub struct Command {
    /// The type.
    pub name: String,
    pub summary: String,
    /// The member of the envelope that has the fields; `None` if they are members of the message itself.
    pub member: Option<String>,
    pub fields: Vec<Field>,
    /// The length of its `id` in characters, if there is a limit.
    pub max_id: Option<u64>,
    /// Values of the document's example, by field.
    pub example: Map<String, Value>,
}

/// A field of a message.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    pub name: String,
    pub about: String,
    pub required: bool,
    pub kind: Kind,
}

/// What a field takes.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A number between two bounds, if there are any.
    Integer(Option<i64>, Option<i64>),
    /// A text of a format, such as `uuid`, with at most so many characters.
    Text(Option<String>, Option<u64>),
    /// One of these.
    Choice(Vec<String>),
    Flag,
    /// A list of texts of a format.
    List(Option<String>),
    /// RFC 3339, or milliseconds since 1970.
    Moment,
    /// Anything else, as JSON.
    Json,
}

/// What a close code means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CloseMeaning {
    pub code: u16,
    pub meaning: String,
    /// What a client should do.
    pub client: String,
}

impl Document {
    /// The document; `None` if it is none.
    pub fn new(document: Value) -> Option<Self> {
        document["channels"].is_object().then_some(Self(document))
    }

    /// The WebSockets.
    pub fn channels(&self) -> Vec<Channel> {
        let channels = members(&self.0["channels"]).map(|(name, channel)| Channel {
            name: name.clone(),
            address: text(&channel["address"]),
        });
        channels.collect()
    }

    /// The messages that clients send on a channel.
    pub fn commands(&self, channel: &str) -> Vec<Command> {
        let channel = format!("#/channels/{channel}");
        let operations = members(&self.0["operations"])
            .filter(|(_, operation)| operation["action"] == "receive" && operation["channel"]["$ref"] == channel);
        operations.filter_map(|(name, _)| self.command(name)).collect()
    }

    /// A message that clients send, by its type.
    pub fn command(&self, name: &str) -> Option<Command> {
        let message = self.0["components"]["messages"].get(name)?;
        let envelope = self.resolve(&message["payload"]);
        let max_id = self.resolve(&envelope["properties"]["id"])["maxLength"].as_u64();
        let example = &message["examples"][0]["payload"];
        let member = ["payload", "data"]
            .into_iter()
            .find(|member| envelope["properties"][member].is_object());
        let (body, example) = match member {
            Some(member) => (self.resolve(&envelope["properties"][member]), &example[member]),
            None => (envelope, example),
        };
        Some(Command {
            name: name.to_owned(),
            summary: text(&message["summary"]),
            member: member.map(str::to_owned),
            fields: self.fields(&body),
            max_id,
            example: example.as_object().cloned().unwrap_or_default(),
        })
    }

    /// Whether clients send this message.
    pub fn is_received(&self, name: &str) -> bool {
        self.0["operations"][name]["action"] == "receive"
    }

    /// The summary of a message of either side.
    pub fn summary(&self, name: &str) -> Option<String> {
        let message = self.0["components"]["messages"].get(name)?;
        Some(text(&message["summary"]))
    }

    /// The close codes that the server sends.
    pub fn close_codes(&self) -> Vec<CloseMeaning> {
        let codes = self.0["x-close-codes"].as_array().into_iter().flatten();
        codes
            .filter_map(|code| {
                Some(CloseMeaning {
                    code: u16::try_from(code["code"].as_u64()?).ok()?,
                    meaning: text(&code["description"]),
                    client: text(&code["client"]),
                })
            })
            .collect()
    }

    /// What a close code means: one of the server's, or one that a browser makes up (RFC 6455, 7.4.1).
    pub fn close_meaning(&self, code: u16) -> CloseMeaning {
        let found = self.close_codes().into_iter().find(|found| found.code == code);
        found.unwrap_or_else(|| {
            let (meaning, client) = match code {
                1001 => ("The other side goes away.", "Reconnect if wanted."),
                1005 => ("A Close frame without a code.", "Reconnect if wanted."),
                1006 => (
                    "No Close frame: the connection broke off, or its handshake was refused. A browser does not say which.",
                    "Back off exponentially, with jitter.",
                ),
                3000..5000 => ("A code of an application.", "What the application says."),
                _ => ("No code of this server.", "Fix the client."),
            };
            CloseMeaning {
                code,
                meaning: meaning.to_owned(),
                client: client.to_owned(),
            }
        })
    }

    fn fields(&self, schema: &Value) -> Vec<Field> {
        let required: Vec<&str> = schema["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let fields = members(&schema["properties"]).filter(|(name, _)| !["type", "id"].contains(&name.as_str()));
        let mut fields: Vec<Field> = fields
            .map(|(name, schema)| {
                let resolved = self.resolve(schema);
                let about = [&schema["description"], &resolved["description"]];
                Field {
                    name: name.clone(),
                    about: about.into_iter().find_map(Value::as_str).unwrap_or_default().to_owned(),
                    required: required.contains(&name.as_str()),
                    kind: self.kind(&resolved),
                }
            })
            .collect();
        // The order of the names is that of JSON's map.
        fields.sort_by_key(|field| !field.required);
        fields
    }

    /// A schema without references, and without the alternative `null`.
    fn resolve(&self, schema: &Value) -> Value {
        if let Some(reference) = schema["$ref"].as_str() {
            let found = self.0.pointer(reference.trim_start_matches('#'));
            return found.map(|found| self.resolve(found)).unwrap_or_default();
        }
        for word in ["oneOf", "anyOf"] {
            let alternatives = schema[word].as_array().into_iter().flatten();
            let alternatives: Vec<Value> = alternatives
                .map(|schema| self.resolve(schema))
                .filter(|schema| schema["type"] != "null")
                .collect();
            match alternatives.as_slice() {
                [] => {}
                [one] => return one.clone(),
                several => {
                    let moment = several.iter().find(|schema| schema["format"] == "date-time");
                    return moment.or(several.first()).cloned().unwrap_or_default();
                }
            }
        }
        schema.clone()
    }

    fn kind(&self, schema: &Value) -> Kind {
        if let Some(choices) = schema["enum"].as_array() {
            return Kind::Choice(choices.iter().filter_map(Value::as_str).map(str::to_owned).collect());
        }
        let word = match &schema["type"] {
            Value::Array(words) => words.iter().filter_map(Value::as_str).find(|word| *word != "null"),
            word => word.as_str(),
        };
        match word {
            Some("integer" | "number") => Kind::Integer(schema["minimum"].as_i64(), schema["maximum"].as_i64()),
            Some("string") => match schema["format"].as_str() {
                Some("date-time") => Kind::Moment,
                format => Kind::Text(format.map(str::to_owned), schema["maxLength"].as_u64()),
            },
            Some("boolean") => Kind::Flag,
            Some("array") => Kind::List(self.resolve(&schema["items"])["format"].as_str().map(str::to_owned)),
            _ => Kind::Json,
        }
    }
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{super::example::document, *};

    #[test]
    fn sockets_and_commands_are_those_of_the_document() {
        let document = document();
        let channels = document.channels();
        assert_eq!(channels[0].address, "/v1/ws/timers");
        let commands = document.commands("timers");
        let names: Vec<_> = commands.iter().map(|command| command.name.as_str()).collect();
        assert_eq!(names, ["ping", "timer.create"], "those that the server receives");
        assert!(document.commands("notes").is_empty());
    }

    #[test]
    fn fields_have_the_kinds_of_their_schemas() {
        let command = document().command("timer.create").unwrap();
        assert_eq!(command.member.as_deref(), Some("payload"));
        let kinds: Vec<_> = command
            .fields
            .iter()
            .map(|field| (field.name.as_str(), field.required, field.kind.clone()))
            .collect();
        assert_eq!(
            kinds,
            [
                ("allocated_duration", true, Kind::Integer(Some(1), Some(315_360_000))),
                ("occurred_at", false, Kind::Moment),
                ("schedule_id", false, Kind::Text(Some("uuid".to_owned()), None)),
                (
                    "scope",
                    false,
                    Kind::Choice(vec!["active".to_owned(), "all".to_owned()])
                ),
                ("tag_ids", false, Kind::List(Some("uuid".to_owned()))),
                ("title", false, Kind::Text(None, Some(200))),
            ]
        );
        assert_eq!(command.example["allocated_duration"], 1500);
    }

    #[test]
    fn close_codes_have_a_meaning_also_where_the_browser_makes_them_up() {
        let document = document();
        assert_eq!(document.close_meaning(4029).client, "Back off exponentially.");
        assert!(document.close_meaning(1006).meaning.contains("No Close frame"));
        assert!(document.close_meaning(4999).meaning.contains("application"));
    }
}
