//! SECURITY.md: each requirement has one row, each row has a verdict, and each test that a row names exists.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::{
    collections::BTreeSet,
    fs,
    ops::RangeInclusive,
    path::{Path, PathBuf},
};

/// The requirements of OWASP ASVS 5.0 that concern a password reset: a section, and its numbers.
const ASVS: [(&str, RangeInclusive<u32>); 26] = [
    ("2.3", 3..=3),
    ("2.4", 1..=1),
    ("3.4", 1..=1),
    ("3.4", 3..=6),
    ("3.5", 1..=3),
    ("4.1", 1..=1),
    ("4.1", 4..=4),
    ("6.1", 1..=2),
    ("6.2", 1..=12),
    ("6.3", 1..=1),
    ("6.3", 7..=8),
    ("6.4", 1..=3),
    ("6.4", 6..=6),
    ("6.5", 1..=5),
    ("6.6", 2..=3),
    ("7.4", 3..=3),
    ("11.2", 4..=4),
    ("11.4", 2..=2),
    ("11.5", 1..=1),
    ("13.3", 1..=1),
    ("14.2", 1..=1),
    ("14.3", 2..=2),
    ("15.4", 2..=2),
    ("16.2", 5..=5),
    ("16.3", 1..=1),
    ("16.5", 1..=3),
];

/// How many requirements each part of NIST SP 800-63B-4, section 4.2, has. A part with one has no number.
const RECOVERY: [(&str, u32); 9] = [
    ("4.2.1", 2),
    ("4.2.1.1", 6),
    ("4.2.1.2", 7),
    ("4.2.1.3", 3),
    ("4.2.1.4", 2),
    ("4.2.2.1", 1),
    ("4.2.2.2", 1),
    ("4.2.2.3", 1),
    ("4.2.3", 1),
];

/// How many requirements NIST SP 800-63B-4, section 3.1.1.2, has.
const PASSWORD_VERIFIERS: u32 = 33;

/// How many requirements the OWASP Forgot Password Cheat Sheet has.
const CHEAT_SHEET: u32 = 28;

/// A row of a table of requirements.
struct Row<'a> {
    requirement: &'a str,
    verdict: &'a str,
    reason: &'a str,
    tests: Vec<&'a str>,
}

impl<'a> Row<'a> {
    fn parse(line: &'a str) -> Self {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let ["", requirement, verdict, reason, tests, ""] = cells[..] else {
            panic!("not four cells: {line}")
        };
        let tests = tests.split(", ").filter(|test| !test.is_empty());
        let name = |test: &'a str| {
            let name = test.strip_prefix('`').and_then(|test| test.strip_suffix('`'));
            name.unwrap_or_else(|| panic!("not a name: {test}"))
        };
        Self { requirement, verdict, reason, tests: tests.map(name).collect() }
    }

    /// The number of the requirement.
    fn number(&self) -> &'a str {
        self.requirement.split(' ').next().unwrap()
    }
}

fn security_md() -> String {
    fs::read_to_string(root().join("SECURITY.md")).unwrap()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The rows of the table under a heading.
fn rows<'a>(document: &'a str, heading: &str) -> Vec<Row<'a>> {
    let (_, section) =
        document.split_once(&format!("\n### {heading}\n")).unwrap_or_else(|| panic!("no {heading}"));
    let section = section.split("\n### ").next().unwrap();
    // Without the names of the columns, and the line below them.
    section.lines().filter(|line| line.starts_with('|')).skip(2).map(Row::parse).collect()
}

/// Every list: its heading, and the numbers of its requirements.
fn lists() -> [(&'static str, Vec<String>); 4] {
    let numbers = |count: u32| (1..=count).map(|number| number.to_string()).collect();
    let asvs = ASVS
        .into_iter()
        .flat_map(|(section, numbers)| numbers.map(move |number| format!("{section}.{number}")));
    let recovery = RECOVERY.into_iter().flat_map(|(part, count)| {
        (1..=count).map(move |number| if count == 1 { part.to_owned() } else { format!("{part}-{number}") })
    });
    [
        ("OWASP ASVS 5.0", asvs.collect()),
        ("NIST SP 800-63B-4, section 3.1.1.2", numbers(PASSWORD_VERIFIERS)),
        ("NIST SP 800-63B-4, section 4.2", recovery.collect()),
        ("OWASP Forgot Password Cheat Sheet", numbers(CHEAT_SHEET)),
    ]
}

/// The names of the tests in a source, except those that run only on demand.
fn tests_in(source: &str) -> BTreeSet<String> {
    const ATTRIBUTES: [&str; 4] = ["#[test]", "#[tokio::test]", "#[tokio::test(", "#[wasm_bindgen_test]"];
    let mut tests = BTreeSet::new();
    let (mut is_test, mut is_ignored) = (false, false);
    for line in source.lines().map(str::trim) {
        if ATTRIBUTES.iter().any(|attribute| line.starts_with(attribute)) {
            (is_test, is_ignored) = (true, false);
        }
        is_ignored |= line.starts_with("#[ignore");
        let function = line.strip_prefix("async ").unwrap_or(line).strip_prefix("fn ");
        if let Some((name, _)) = function.and_then(|function| function.split_once('(')) {
            if is_test && !is_ignored {
                tests.insert(name.to_owned());
            }
            is_test = false;
        }
    }
    tests
}

/// The names of all tests of the workspace.
fn all_tests() -> BTreeSet<String> {
    let mut files = Vec::new();
    for folder in ["src", "tests"] {
        find_files(&root().join(folder), &mut files);
    }
    files.iter().flat_map(|file| tests_in(&fs::read_to_string(file).unwrap())).collect()
}

fn find_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            find_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

#[test]
fn every_requirement_has_one_row() {
    let document = security_md();
    for (heading, expected) in lists() {
        let rows = rows(&document, heading);
        let numbers: Vec<_> = rows.iter().map(Row::number).collect();
        assert_eq!(numbers, expected, "{heading}");
    }
}

#[test]
fn a_met_requirement_names_a_test_and_any_other_has_a_reason() {
    let document = security_md();
    for row in lists().iter().flat_map(|(heading, _)| rows(&document, heading)) {
        let is_explained = match row.verdict {
            "met" => !row.tests.is_empty(),
            "not met" | "not applicable" => row.reason.ends_with('.'),
            verdict => panic!("{}: {verdict:?} is no verdict", row.requirement),
        };
        assert!(is_explained, "{} is {} without a test or a reason", row.requirement, row.verdict);
    }
}

#[test]
fn every_named_test_exists() {
    let (document, tests) = (security_md(), all_tests());
    for row in lists().iter().flat_map(|(heading, _)| rows(&document, heading)) {
        for test in row.tests {
            assert!(tests.contains(test), "{}: there is no test {test}", row.requirement);
        }
    }
}

#[test]
fn only_tests_that_run_count_as_tests() {
    let source = "
        #[test]
        fn a_test() {}
        fn no_test() {}
        #[tokio::test(flavor = \"multi_thread\")]
        #[allow(clippy::panic)]
        async fn an_async_test() {}
        #[test]
        #[ignore = \"on demand\"]
        fn an_ignored_test() {}
        #[wasm_bindgen_test]
        fn a_test_in_the_browser() {}
        proptest! {
            #[test]
            fn a_property(x in 0..9) {}
        }";
    let expected = ["a_property", "a_test", "a_test_in_the_browser", "an_async_test"];
    assert_eq!(tests_in(source), expected.map(str::to_owned).into());
}

/// Row 13.3.1.
#[test]
fn the_configuration_contains_no_secret() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for file in ["wrangler.toml", "package.json", "Makefile"] {
        let text = fs::read_to_string(root.join(file)).unwrap();
        assert!(!text.contains("whsec_") && !text.contains("WEBHOOK_SECRET"), "{file}");
    }
}
