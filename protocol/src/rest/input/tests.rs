//! Valid and invalid values of each type.

use super::*;
use crate::id::TagId;
use deserr::Deserr;
use serde_json::{Value, json};
use uuid::Uuid;

fn read<T: Deserr<Issues>>(value: Value) -> Result<T, Issues> {
    deserr::deserialize(value)
}

fn kinds<T: Deserr<Issues>>(value: Value) -> Vec<&'static str> {
    let issues = read::<T>(value).err().unwrap_or_default();
    issues.0.iter().map(|issue| issue.kind).collect()
}

#[test]
fn valid_values_of_each_type_are_parsed() {
    let id = Uuid::from_u128(7);
    assert_eq!(read::<Color>(json!("#a0f")).map(String::from), Ok("#A0F".into()));
    assert_eq!(read::<Text<2>>(json!("éé")), Ok(Text("éé".into())));
    assert_eq!(
        read::<IdList<TagId>>(json!([id, id])),
        Ok(IdList(vec![TagId(id)])),
        "duplicate ids are dropped"
    );
    let ratios = read::<Ratios>(json!({ "x": 1, "y": 0.25, "z": -3 })).unwrap();
    assert_eq!(json!(ratios), json!({ "x": 1, "y": 0.25, "z": -3 }));
    assert_eq!(read::<Flag>(json!("oFF")), Ok(Flag(false)));
    assert_eq!(read::<PageLimit>(json!("7")), Ok(PageLimit(7)));
}

#[test]
fn invalid_values_are_refused() {
    for value in [
        json!(1),
        json!("x\0"),
        json!(["A"]),
        json!({ "x": "1" }),
        json!(true),
        json!(null),
    ] {
        assert_eq!(kinds::<Color>(value.clone()).len(), 1, "{value}");
        assert_eq!(kinds::<Ratios>(value.clone()), ["number_object"], "{value}");
        assert_eq!(kinds::<Title>(value.clone()).len(), 1, "{value}");
        assert_eq!(kinds::<TagId>(value.clone()).len(), 1, "{value}");
    }
    assert_eq!(kinds::<Title>(json!("x".repeat(501))), ["string_too_long"]);
    assert_eq!(kinds::<Title>(json!("x\0")), ["string_nul"]);
    assert_eq!(kinds::<PageLimit>(json!("0")), ["int_range"]);
    assert_eq!(kinds::<PageLimit>(json!("1001")), ["int_range"]);
    assert_eq!(kinds::<Flag>(json!("2")), ["bool_parsing"]);
    assert_eq!(kinds::<IdList<TagId>>(json!(vec![Uuid::nil(); 1_001])), ["too_long"]);
}

#[test]
fn every_invalid_list_entry_is_reported_with_its_index() {
    let issues = read::<IdList<TagId>>(json!([Uuid::nil(), 7, "x"])).unwrap_err();
    let places: Vec<Value> = issues.0.iter().map(|issue| json!(issue.loc)).collect();
    assert_eq!(places, [json!([1]), json!([2])]);
}
