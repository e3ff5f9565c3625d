//! The function bodies of the WebAssembly by the crate that they are written in, before wasm-opt and wasm-bindgen, which
//! remove the names.

use std::{collections::HashMap, fmt::Write, fs, path::Path};

use anyhow::{Context, Result};
use rustc_demangle::demangle;
use wasmparser::{Name, NameSectionReader, Parser, Payload, TypeRef};

/// Crates with a smaller share are summed up, in percent.
const LEAST_SHARE: f64 = 0.5;

/// The crates and their shares, the largest first.
pub fn table(wasm: &Path) -> Result<String> {
    let bytes = fs::read(wasm).with_context(|| format!("{} could not be read.", wasm.display()))?;
    let mut crates: HashMap<String, (u64, usize)> = HashMap::new();
    for (name, size) in functions(&bytes)? {
        let (bytes, count) = crates.entry(crate_of(&name)).or_default();
        *bytes += size;
        *count += 1;
    }
    let total: u64 = crates.values().map(|(bytes, _)| bytes).sum();
    let share = |bytes: u64| 100.0 * bytes as f64 / total.max(1) as f64;
    let mut rows: Vec<_> = crates.into_iter().collect();
    rows.sort_by(|(a, (more, _)), (b, (less, _))| less.cmp(more).then(a.cmp(b)));
    let split = rows.partition_point(|(_, (bytes, _))| share(*bytes) >= LEAST_SHARE);
    let rest = rows.split_off(split);
    let rest = rest
        .iter()
        .fold((0, 0), |(bytes, count), (_, row)| (bytes + row.0, count + row.1));
    rows.push(("others".to_owned(), rest));
    rows.push((
        "all".to_owned(),
        (total, rows.iter().map(|(_, (_, count))| count).sum()),
    ));

    let mut table = format!("{:24} {:>9} {:>7} {:>10}\n", "crate", "kB", "%", "functions");
    for (name, (bytes, count)) in rows {
        let kb = bytes as f64 / 1_000.0;
        let _ = writeln!(table, "{name:24} {kb:9.1} {:7.1} {count:10}", share(bytes));
    }
    Ok(table)
}

/// The name and the size in bytes of each function's body.
fn functions(wasm: &[u8]) -> Result<Vec<(String, u64)>> {
    let (mut imported, mut sizes, mut names) = (0, Vec::new(), HashMap::new());
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => sizes.push(body.range().len() as u64),
            Payload::CustomSection(section) if section.name() == "name" => {
                let data = wasmparser::BinaryReader::new(section.data(), section.data_offset());
                for subsection in NameSectionReader::new(data) {
                    if let Name::Function(functions) = subsection? {
                        for naming in functions {
                            let naming = naming?;
                            names.insert(naming.index, naming.name.to_owned());
                        }
                    }
                }
            }
            _ => {}
        }
    }
    let numbered = (imported..).zip(sizes);
    Ok(numbered
        .map(|(index, size)| (names.remove(&index).unwrap_or_default(), size))
        .collect())
}

/// The crate of a function by its mangled name: of a trait's method, the crate of the implementing type, or of the trait
/// where the type is a parameter.
fn crate_of(name: &str) -> String {
    let path = format!("{:#}", demangle(name));
    let is_parameter = |word: &str| word.chars().all(|c| c.is_ascii_uppercase());
    let mut words = path
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .filter(|word| !["", "mut", "dyn", "as", "const", "impl"].contains(word) && !is_parameter(word));
    words.next().unwrap_or("unnamed").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_belong_to_the_crate_of_the_type_or_the_trait() {
        for (name, expected) in [
            ("_ZN3std3sys4exit17h0123456789abcdefE", "std"),
            (
                "_ZN98_$LT$$RF$mut$u20$serde_json..de..Deserializer$LT$R$GT$$u20$as$u20$serde_core..de..Deserializer$GT$18deserialize_struct17h0123456789abcdefE",
                "serde_json",
            ),
            (
                "_ZN53_$LT$T$u20$as$u20$tachys..view..any_view..IntoAny$GT$8into_any17h0123456789abcdefE",
                "tachys",
            ),
            ("hydrate", "hydrate"),
            ("", "unnamed"),
        ] {
            assert_eq!(crate_of(name), expected, "{name}");
        }
    }

    #[test]
    fn bodies_are_measured_with_their_names() {
        // One imported function, one of four bytes (no locals, `i32.const 1`, `end`), and their names.
        let wasm = [
            b"\0asm\x01\0\0\0" as &[u8],
            b"\x01\x08\x02\x60\0\0\x60\0\x01\x7f",
            b"\x02\x07\x01\x01a\x01b\0\0",
            b"\x03\x02\x01\x01",
            b"\x0a\x06\x01\x04\0\x41\x01\x0b",
            b"\0\x10\x04name\x01\x09\x02\0\x02in\x01\x02me",
        ]
        .concat();
        assert_eq!(functions(&wasm).unwrap(), [("me".to_owned(), 4)]);
    }
}
