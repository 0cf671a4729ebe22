//! The tables in docs/growth.md.

use std::{fmt::Write as _, fs};

use test_support::paths::root;

use crate::{Measured, saturation::Round};

const FILE: &str = "docs/growth.md";

/// The table of the steps.
pub(crate) fn sizes(measured: &[Measured]) -> String {
    let most = measured.last().unwrap();
    let mut table = String::from("| D1 at work for | rows read | rows written |");
    for Measured { users, .. } in measured {
        write!(table, " {} users |", thousands(*users)).unwrap();
    }
    table += "\n| --- | --- | --- |";
    table += &" --- |".repeat(measured.len());
    table += "\n";
    for (at, step) in most.steps.iter().enumerate() {
        write!(table, "| {} | {} | {} |", step.name, step.rows_read(), step.rows_written()).unwrap();
        for Measured { steps, .. } in measured {
            write!(table, " {:.2} ms |", steps[at].milliseconds()).unwrap();
        }
        table += "\n";
    }
    table += "| **size on disk** | | |";
    for Measured { bytes, .. } in measured {
        write!(table, " {} |", size(*bytes)).unwrap();
    }
    table + "\n"
}

/// The table of the rounds at saturation.
pub(crate) fn saturation(rounds: &[Round]) -> String {
    let mut table = String::from(
        "| resets at the same time | resets a second | median | 99 of 100 within | errors |\n| --- | --- | --- | --- | --- |\n",
    );
    for Round { concurrency, resets_per_second, median, p99, errors } in rounds {
        writeln!(
            table,
            "| {concurrency} | {resets_per_second:.0} | {median:.1} ms | {p99:.1} ms | {errors} |"
        )
        .unwrap();
    }
    table
}

/// Writes both into the document.
pub(crate) fn write(measured: &[Measured], rounds: &[Round]) {
    let path = root().join(FILE);
    let mut document = fs::read_to_string(&path).unwrap();
    for (name, table) in [("sizes", sizes(measured)), ("saturation", saturation(rounds))] {
        let start = format!("<!-- {name}: begin -->\n");
        let end = format!("<!-- {name}: end -->\n");
        let (before, rest) = document.split_once(&start).unwrap();
        let (_, after) = rest.split_once(&end).unwrap();
        document = format!("{before}{start}\n{table}\n{end}{after}");
    }
    fs::write(path, document).unwrap();
}

/// A number with a comma after the thousands, and the millions.
pub(crate) fn thousands(number: u64) -> String {
    match number {
        0..1000 => number.to_string(),
        _ => format!("{},{:03}", thousands(number / 1000), number % 1000),
    }
}

/// A number of bytes, in decimal units, as D1's limit is.
#[expect(clippy::cast_precision_loss, reason = "it is rounded anyway")]
pub(crate) fn size(bytes: u64) -> String {
    let megabytes = bytes as f64 / 1e6;
    match megabytes {
        0.0..1000.0 => format!("{megabytes:.0} MB"),
        _ => format!("{:.1} GB", megabytes / 1000.0),
    }
}
