//! The queries as docs/monitoring.md prints them.

const PAGE: &str = include_str!("../../docs/monitoring.md");

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    AnalyticsEngine,
    Log,
    D1,
}

pub(crate) struct Query {
    pub(crate) question: &'static str,
    pub(crate) source: Source,
    pub(crate) text: &'static str,
}

/// The queries below the questions, which are the headings of the third level.
pub(crate) fn queries() -> Vec<Query> {
    let mut queries = Vec::new();
    for section in PAGE.split("\n### ").skip(1) {
        // The last one ends with a heading of the second level.
        let section = section.split("\n## ").next().unwrap();
        let (question, answer) = section.split_once('\n').unwrap();
        let parts: Vec<_> = answer.split("\n```").collect();
        // Prose and blocks take turns.
        for pair in parts.chunks_exact(2) {
            let [prose, block] = pair else { unreachable!() };
            let (language, text) = block.split_once('\n').unwrap();
            let last_paragraph = prose.trim_end().rsplit("\n\n").next().unwrap();
            let source = match language {
                "jq" => Source::Log,
                "sql" if last_paragraph.trim_start().starts_with("In D1") => Source::D1,
                "sql" => Source::AnalyticsEngine,
                other => panic!("{question}: {other}"),
            };
            queries.push(Query { question, source, text });
        }
    }
    queries
}

/// The filter for jq in the command that records the log.
pub(crate) fn recording_filter() -> &'static str {
    let (_, command) = PAGE.split_once("npx wrangler tail --format json | jq --unbuffered '").unwrap();
    command.split_once('\'').unwrap().0
}
