//! Reads JSON with little code.
//!
//! [`serde_json::from_str`] compiles a parser, with texts for its errors, for each type that it reads. In the browser's
//! WebAssembly that was its second largest part. [`parse`] has one parser, for [`Value`], and each type takes its
//! members from that.

use serde::{
    Deserialize,
    de::{
        self, DeserializeSeed, Deserializer, EnumAccess, Expected, MapAccess, SeqAccess, Unexpected, VariantAccess,
        Visitor,
    },
    forward_to_deserialize_any,
};
use serde_json::{Number, Value, map};
use std::{fmt, vec};

/// The text is not JSON, or has not the shape of the type. Why is not said: the texts would be larger than the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable;

/// Reads a value of a type from JSON.
///
/// # Errors
/// [`Unreadable`] where [`serde_json::from_str`] has an error.
pub fn parse<'de, T: Deserialize<'de>>(text: &str) -> Result<T, Unreadable> {
    let value = serde_json::from_str(text).map_err(|_| Unreadable)?;
    from_value(value)
}

/// Reads a value of a type from parsed JSON.
///
/// # Errors
/// [`Unreadable`] where [`serde_json::from_value`] has an error.
pub fn from_value<'de, T: Deserialize<'de>>(value: Value) -> Result<T, Unreadable> {
    T::deserialize(Json(value))
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not the expected JSON")
    }
}

impl std::error::Error for Unreadable {}

impl de::Error for Unreadable {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }

    fn invalid_type(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self
    }

    fn invalid_value(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self
    }
}

/// A value, read by the type that the caller wants: derived types say which kind of value they expect.
struct Json(Value);

impl Json {
    fn into_text(self) -> Result<String, Unreadable> {
        match self.0 {
            Value::String(text) => Ok(text),
            _ => Err(Unreadable),
        }
    }

    fn into_number(self) -> Result<Number, Unreadable> {
        match self.0 {
            Value::Number(number) => Ok(number),
            _ => Err(Unreadable),
        }
    }

    fn into_items(self) -> Result<Items, Unreadable> {
        match self.0 {
            Value::Array(items) => Ok(Items(items.into_iter())),
            _ => Err(Unreadable),
        }
    }

    fn into_members(self) -> Result<Members, Unreadable> {
        match self.0 {
            Value::Object(members) => Ok(Members {
                rest: members.into_iter(),
                value: Value::Null,
            }),
            _ => Err(Unreadable),
        }
    }
}

/// Methods for kinds of values that are one kind in JSON.
macro_rules! same {
    ($($method:ident)* => $read:ident) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
            $read(self, visitor)
        })*
    };
}

fn read_number<'de, V: Visitor<'de>>(json: Json, visitor: V) -> Result<V::Value, Unreadable> {
    let number = json.into_number()?;
    match (number.as_i64(), number.as_u64()) {
        (Some(number), _) => visitor.visit_i64(number),
        (None, Some(number)) => visitor.visit_u64(number),
        (None, None) => visitor.visit_f64(number.as_f64().ok_or(Unreadable)?),
    }
}

fn read_text<'de, V: Visitor<'de>>(json: Json, visitor: V) -> Result<V::Value, Unreadable> {
    visitor.visit_string(json.into_text()?)
}

fn read_items<'de, V: Visitor<'de>>(json: Json, visitor: V) -> Result<V::Value, Unreadable> {
    visitor.visit_seq(json.into_items()?)
}

impl<'de> Deserializer<'de> for Json {
    type Error = Unreadable;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(value),
            Value::Number(_) => read_number(self, visitor),
            Value::String(text) => visitor.visit_string(text),
            Value::Array(_) => read_items(self, visitor),
            Value::Object(_) => visitor.visit_map(self.into_members()?),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_bool(self.0.as_bool().ok_or(Unreadable)?)
    }

    same! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_u8 deserialize_u16 deserialize_u32
        deserialize_u64 deserialize_f32 deserialize_f64 => read_number
    }

    same! { deserialize_str deserialize_string deserialize_identifier => read_text }

    same! { deserialize_seq => read_items }

    forward_to_deserialize_any! { char bytes byte_buf unit unit_struct ignored_any }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unreadable> {
        read_items(self, visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        read_items(self, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_map(self.into_members()?)
    }

    /// Unlike `serde_json`, not from an array.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        visitor.visit_map(self.into_members()?)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        visitor.visit_enum(self)
    }
}

/// The items of an array.
struct Items(vec::IntoIter<Value>);

impl<'de> SeqAccess<'de> for Items {
    type Error = Unreadable;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Unreadable> {
        self.0.next().map(|item| seed.deserialize(Json(item))).transpose()
    }
}

/// The members of an object.
struct Members {
    rest: map::IntoIter,
    /// The value of the member whose name was read last.
    value: Value,
}

impl<'de> MapAccess<'de> for Members {
    type Error = Unreadable;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Unreadable> {
        let Some((name, value)) = self.rest.next() else {
            return Ok(None);
        };
        self.value = value;
        seed.deserialize(Json(Value::String(name))).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Unreadable> {
        seed.deserialize(Json(self.value.take()))
    }
}

/// A variant is its name, or an object with its name and content.
impl<'de> EnumAccess<'de> for Json {
    type Error = Unreadable;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Unreadable> {
        let (name, content) = match self.0 {
            Value::Object(members) if members.len() == 1 => members.into_iter().next().ok_or(Unreadable)?,
            value => (Self(value).into_text()?, Value::Null),
        };
        Ok((seed.deserialize(Self(Value::String(name)))?, Self(content)))
    }
}

impl<'de> VariantAccess<'de> for Json {
    type Error = Unreadable;

    fn unit_variant(self) -> Result<(), Unreadable> {
        self.0.is_null().then_some(()).ok_or(Unreadable)
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Unreadable> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unreadable> {
        read_items(self, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_map(self.into_members()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::{Deserialize, Serialize};
    use serde_json::json;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    enum Shape {
        Nothing,
        Pair(i64, u64),
        Named { text: String, ratio: f64 },
        Wrapped(Box<All>),
    }

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    struct All {
        flag: bool,
        missing: Option<String>,
        #[serde(default)]
        absent: u16,
        shapes: Vec<Shape>,
        pairs: Vec<(i64, i32)>,
    }

    fn all() -> All {
        All {
            flag: true,
            shapes: vec![
                Shape::Nothing,
                Shape::Pair(-1, u64::MAX),
                Shape::Named {
                    text: "\u{1f}é\"".into(),
                    ratio: -0.5,
                },
                Shape::Wrapped(Box::default()),
            ],
            pairs: vec![(i64::MIN, -3_600)],
            ..All::default()
        }
    }

    #[test]
    fn what_serde_json_writes_is_read() {
        assert_eq!(parse(&serde_json::to_string(&all()).unwrap()), Ok(all()));
    }

    #[test]
    fn unknown_members_are_ignored_and_absent_ones_have_their_default() {
        let value = json!({"flag": false, "shapes": [], "pairs": [], "newer": {"any": [1, null, "a"]}});
        assert_eq!(from_value(value), Ok(All::default()));
    }

    #[test]
    fn another_shape_is_unreadable() {
        for text in [
            "",
            "{",
            "null",
            "[]",
            r#"{"flag": true}"#,
            r#"{"flag": 1, "shapes": [], "pairs": []}"#,
            r#"{"flag": true, "shapes": ["Unknown"], "pairs": []}"#,
            r#"{"flag": true, "shapes": ["Pair"], "pairs": []}"#,
            r#"{"flag": true, "shapes": [{"Nothing": 1}], "pairs": []}"#,
            r#"{"flag": true, "shapes": [], "pairs": [[1]]}"#,
            r#"{"flag": true, "shapes": [], "pairs": [[1, 9999999999]]}"#,
        ] {
            assert_eq!(parse::<All>(text), Err(Unreadable), "{text}");
        }
    }
}
