//! The table of results.

/// What the checks have found.
#[derive(Default)]
pub(crate) struct Report(Vec<Row>);

struct Row {
    check: String,
    result: Result<String, String>,
}

impl Report {
    /// Adds a row: what was found if the check has passed, or else what is wrong.
    pub(crate) fn add(&mut self, check: impl Into<String>, result: Result<String, String>) {
        self.0.push(Row { check: check.into(), result });
    }

    /// Whether a check has failed.
    pub(crate) fn has_failed(&self) -> bool {
        self.0.iter().any(|row| row.result.is_err())
    }

    /// Prints the table.
    pub(crate) fn print(&self) {
        let width = self.0.iter().map(|row| row.check.chars().count()).max().unwrap_or_default();
        for Row { check, result } in &self.0 {
            let (verdict, found) = match result {
                Ok(found) => ("ok", found),
                Err(problem) => ("FAILED", problem),
            };
            println!("{verdict:6}  {check:width$}  {found}");
        }
        let failed = self.0.iter().filter(|row| row.result.is_err()).count();
        println!("{} passed, {failed} failed", self.0.len() - failed);
    }
}
