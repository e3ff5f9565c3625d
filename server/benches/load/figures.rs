//! What one measurement of one server results in.

/// The figures in the order they were measured, and what went wrong.
#[derive(Default)]
pub struct Figures {
    pub rows: Vec<Figure>,
    pub failures: Vec<String>,
}

pub struct Figure {
    pub name: String,
    pub value: f64,
    pub unit: &'static str,
    pub aim: Option<&'static str>,
}

impl Figures {
    pub fn add(&mut self, name: &str, value: f64, unit: &'static str, aim: Option<&'static str>) {
        self.rows.push(Figure {
            name: name.to_owned(),
            value,
            unit,
            aim,
        });
    }

    /// Notes an error of the server, after which the bench goes on but does not succeed.
    pub fn fail(&mut self, failure: String) {
        self.failures.push(failure);
    }
}

/// The value as the table has it: three digits.
pub fn rounded(value: f64) -> String {
    if value >= 100.0 {
        format!("{value:.0}")
    } else if value >= 10.0 {
        format!("{value:.1}")
    } else if value >= 0.1 || value == 0.0 {
        format!("{value:.2}")
    } else {
        format!("{value:.4}")
    }
}
