//! Takes the pages' renderers of the API's documents into the binary, if `cargo xtask` or `npm` has built them (`docs/`).

#![allow(clippy::print_stdout, reason = "cargo reads what a build script prints")]

use std::{env, fmt::Write, fs, path::Path};

/// The files that `docs/build.mjs` writes, with their media types.
const FILES: [(&str, &str); 5] = [
    ("frame.css", "text/css"),
    ("rest.css", "text/css"),
    ("rest.js", "text/javascript"),
    ("websocket.css", "text/css"),
    ("websocket.js", "text/javascript"),
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let dist = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("docs/dist");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={}", dist.display());
    let mut list = String::from("&[");
    for (name, media_type) in FILES {
        let path = dist.join(name);
        if path.is_file() {
            write!(list, "({name:?}, {media_type:?}, include_bytes!({path:?})),")?;
        }
    }
    list.push(']');
    fs::write(Path::new(&env::var("OUT_DIR")?).join("renderers.rs"), list)?;
    Ok(())
}
