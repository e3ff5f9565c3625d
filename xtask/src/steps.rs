//! Named, timed steps with a summary table at the end.

use std::{
    fmt,
    time::{Duration, Instant},
};

use anyhow::Result;

struct Step {
    name: String,
    took: Duration,
    passed: bool,
}

/// The steps so far. Its `Display` is the summary table.
pub struct Steps {
    started: Instant,
    taken: Vec<Step>,
}

impl Steps {
    /// Starts the clock.
    pub fn start() -> Self {
        Self {
            started: Instant::now(),
            taken: Vec::new(),
        }
    }

    /// Whether a step of this name has run.
    pub fn has_taken(&self, name: &str) -> bool {
        self.taken.iter().any(|step| step.name == name)
    }

    /// Runs one step: prints its name and records its duration and outcome.
    pub fn take<T>(&mut self, name: &str, step: impl FnOnce() -> Result<T>) -> Result<T> {
        eprintln!("\n==> {name}");
        let started = Instant::now();
        let result = step();
        let took = started.elapsed();
        let passed = result.is_ok();
        eprintln!(
            "    {} after {}",
            if passed { "done" } else { "FAILED" },
            describe(took)
        );
        self.taken.push(Step {
            name: name.to_owned(),
            took,
            passed,
        });
        result
    }
}

impl fmt::Display for Steps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self
            .taken
            .iter()
            .map(|step| step.name.chars().count())
            .max()
            .unwrap_or(0)
            .max("total".len());
        writeln!(f)?;
        for Step { name, took, passed } in &self.taken {
            let verdict = if *passed { "ok" } else { "FAILED" };
            writeln!(f, "{name:<width$}  {:>12}  {verdict}", describe(*took))?;
        }
        writeln!(f, "{:<width$}  {:>12}", "total", describe(self.started.elapsed()))
    }
}

fn describe(duration: Duration) -> String {
    match duration.as_secs() {
        0..60 => format!("{:.1} s", duration.as_secs_f64()),
        seconds => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_written_in_minutes_and_seconds() {
        assert_eq!(describe(Duration::from_millis(140)), "0.1 s");
        assert_eq!(describe(Duration::from_secs(59)), "59.0 s");
        assert_eq!(describe(Duration::from_secs(605)), "10 min 05 s");
    }

    #[test]
    fn the_table_marks_failed_steps() {
        let mut steps = Steps::start();
        steps.take("formatting", || Ok(())).unwrap();
        steps
            .take("clippy", || -> Result<()> { anyhow::bail!("a warning") })
            .unwrap_err();
        let table = steps.to_string();
        let verdicts: Vec<_> = table
            .lines()
            .filter_map(|line| line.split_whitespace().next_back())
            .collect();
        assert_eq!(verdicts[..2], ["ok", "FAILED"]);
    }
}
