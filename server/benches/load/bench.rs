//! Runs each measurement on the servers that are compared.

use crate::{
    figures::{Figure, Figures, rounded},
    options::Options,
    table,
    target::Setup,
};
use std::process::ExitCode;

/// How often each measurement is run on each of two binaries. They alternate, and the median counts, so that what else the
/// machine does meanwhile concerns both.
const ROUNDS: usize = 3;

pub struct Bench {
    now: Setup,
    before: Option<Setup>,
    /// Those asked for, all when it is empty.
    wanted: Vec<String>,
    known: Vec<String>,
    rows: Vec<Figure>,
    /// The values of the other binary, row by row.
    values_before: Vec<f64>,
    failed: bool,
}

impl Bench {
    pub fn new(options: Options) -> Self {
        Self {
            now: Setup::new(None, options.database.clone()),
            before: options.against.map(|binary| Setup::new(Some(binary), options.database)),
            wanted: options.measurements,
            known: Vec::new(),
            rows: Vec::new(),
            values_before: Vec::new(),
            failed: false,
        }
    }

    /// Runs one measurement, unless others are asked for.
    pub async fn measure(&mut self, name: &str, measurement: impl AsyncFn(&Setup, &mut Figures)) {
        self.known.push(name.to_owned());
        if !self.wanted.is_empty() && !self.wanted.iter().any(|wanted| wanted == name) {
            return;
        }
        let (mut rounds_before, mut rounds_now) = (Vec::new(), Vec::new());
        let rounds = if self.before.is_some() { ROUNDS } else { 1 };
        for _ in 0..rounds {
            if let Some(before) = &self.before {
                rounds_before.push(run("before", before, &measurement).await);
            }
            rounds_now.push(run("now", &self.now, &measurement).await);
        }
        self.failed |= rounds_now.iter().any(|figures| !figures.failures.is_empty());
        self.values_before.extend(medians(&rounds_before));
        let medians = medians(&rounds_now);
        let rows = rounds_now.swap_remove(0).rows;
        self.rows.extend(
            rows.into_iter()
                .zip(medians)
                .map(|(row, value)| Figure { value, ..row }),
        );
    }

    /// Prints the table. Fails when the server of this build failed.
    pub fn finish(self) -> ExitCode {
        if let Some(unknown) = self.wanted.iter().find(|wanted| !self.known.contains(wanted)) {
            eprintln!("There is no measurement `{unknown}`, only {}.", self.known.join(", "));
            return ExitCode::from(2);
        }
        if self.before.is_some() {
            table::print_comparison(&self.rows, &self.values_before);
        } else {
            table::print_and_keep(&self.rows, self.now.database_name());
        }
        if self.failed {
            println!("\nThe server failed: see the messages above.");
            return ExitCode::FAILURE;
        }
        ExitCode::SUCCESS
    }
}

async fn run(label: &str, setup: &Setup, measurement: impl AsyncFn(&Setup, &mut Figures)) -> Figures {
    let mut figures = Figures::default();
    measurement(setup, &mut figures).await;
    setup.clean_up().await;
    for figure in &figures.rows {
        eprintln!("{label}: {}: {} {}", figure.name, rounded(figure.value), figure.unit);
    }
    for failure in &figures.failures {
        eprintln!("{label}: FAILED: {failure}");
    }
    figures
}

/// Of each row over all rounds.
fn medians(rounds: &[Figures]) -> Vec<f64> {
    let rows = rounds.first().map_or(0, |round| round.rows.len());
    (0..rows)
        .map(|row| median(rounds.iter().map(|round| round.rows[row].value).collect()))
        .collect()
}

/// The median of values, of which there is at least one.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
