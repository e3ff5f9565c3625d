//! The files that a first visit of each page loads.

use std::{
    collections::BTreeMap,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

/// The pages of HTML and forms; all of them load the same.
const PLAIN: &str = "/sign-in, /sign-up";

/// The files of one page.
pub struct PageFiles {
    /// The path, or the chunk of the WebAssembly with the page's view.
    pub name: String,
    files: Vec<SiteFile>,
}

struct SiteFile {
    name: String,
    bytes: u64,
    /// As it is transferred.
    brotli: u64,
}

impl PageFiles {
    /// Whether the page loads WebAssembly.
    pub fn is_live(&self) -> bool {
        self.files.iter().any(|file| file.name.ends_with(".wasm"))
    }

    /// All files with brotli, in kB (1,000 bytes).
    pub fn total_kb(&self) -> f64 {
        self.files.iter().map(|file| file.brotli).sum::<u64>() as f64 / 1_000.0
    }
}

/// Reads a site with hashed names and a `.br` beside each file.
pub fn read(site: &Path) -> Result<Vec<PageFiles>> {
    let pkg = site.join("pkg");
    let hashes = read_text(&site.join("hash.txt"))?;
    let hash = |kind: &str| {
        let mut lines = hashes.lines().filter_map(|line| line.split_once(": "));
        let found = lines.find(|(found, _)| *found == kind);
        found
            .map(|(_, hash)| hash.trim())
            .with_context(|| format!("hash.txt has no line of {kind}: was the site built with `--split`?"))
    };
    let style = format!("lockstep.{}.css", hash("css")?);
    let manifest = pkg.join(format!("__wasm_split_manifest.{}.json", hash("manifest")?));
    let chunks: BTreeMap<String, Vec<String>> = serde_json::from_str(&read_text(&manifest)?)?;
    let common = [
        style.clone(),
        format!("lockstep.{}.js", hash("js")?),
        format!("__wasm_split.{}.js", hash("split")?),
        format!("lockstep.{}.wasm", hash("wasm")?),
    ];
    let page = |name: String, files: Vec<String>| {
        anyhow::Ok(PageFiles {
            name,
            files: files
                .into_iter()
                .map(|file| measure(&pkg, file))
                .collect::<Result<_>>()?,
        })
    };
    let mut pages = vec![page(PLAIN.to_owned(), vec![style])?];
    for (chunk, modules) in chunks {
        let modules = modules.into_iter().map(|module| format!("{module}.wasm"));
        pages.push(page(chunk, common.iter().cloned().chain(modules).collect())?);
    }
    Ok(pages)
}

fn measure(pkg: &Path, name: String) -> Result<SiteFile> {
    let size = |path: PathBuf| {
        let metadata = fs::metadata(&path).with_context(|| format!("{} is missing.", path.display()))?;
        anyhow::Ok(metadata.len())
    };
    Ok(SiteFile {
        bytes: size(pkg.join(&name))?,
        brotli: size(pkg.join(format!("{name}.br")))?,
        name,
    })
}

fn read_text(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("{} could not be read.", path.display()))
}

/// The pages with their files, in kB.
pub fn table(pages: &[PageFiles]) -> String {
    let mut table = format!("{:44} {:>9} {:>9}\n", "page, file", "kB", "brotli");
    let kb = |bytes: u64| bytes as f64 / 1_000.0;
    for page in pages {
        let bytes = page.files.iter().map(|file| file.bytes).sum();
        let _ = writeln!(table, "{:44} {:9.1} {:9.1}", page.name, kb(bytes), page.total_kb());
        for file in &page.files {
            let _ = writeln!(
                table,
                "  {:42} {:9.1} {:9.1}",
                file.name,
                kb(file.bytes),
                kb(file.brotli)
            );
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_measured_with_the_files_that_it_loads() {
        let site = std::env::temp_dir().join(format!("lockstep-size-{}", std::process::id()));
        let pkg = site.join("pkg");
        fs::create_dir_all(&pkg).unwrap();
        let hashes = "js: A\nwasm: B\ncss: C\nmanifest: D\nsplit: E\n";
        fs::write(site.join("hash.txt"), hashes).unwrap();
        fs::write(
            pkg.join("__wasm_split_manifest.D.json"),
            r#"{"timers": ["timers.F", "shared.G"], "notes": ["notes.H"]}"#,
        )
        .unwrap();
        for (name, brotli) in [
            ("lockstep.A.js", 1_000),
            ("lockstep.B.wasm", 2_000),
            ("lockstep.C.css", 4_000),
            ("__wasm_split.E.js", 8_000),
            ("timers.F.wasm", 16_000),
            ("shared.G.wasm", 32_000),
            ("notes.H.wasm", 64_000),
        ] {
            fs::write(pkg.join(name), "uncompressed").unwrap();
            fs::write(pkg.join(format!("{name}.br")), vec![0; brotli]).unwrap();
        }
        let pages = read(&site).unwrap();
        let sizes: Vec<_> = pages
            .iter()
            .map(|page| (page.name.as_str(), page.is_live(), page.total_kb()))
            .collect();
        assert_eq!(
            sizes,
            [(PLAIN, false, 4.0), ("notes", true, 79.0), ("timers", true, 63.0)]
        );
        fs::remove_file(pkg.join("notes.H.wasm.br")).unwrap();
        assert!(read(&site).is_err(), "a missing file is reported");
        fs::remove_dir_all(site).unwrap();
    }
}
