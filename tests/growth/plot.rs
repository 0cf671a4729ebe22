//! The plot in docs/growth.md, as SVG: the time that D1 works for each step, and the size on disk, by the number of users.

use std::{fmt::Write as _, fs};

use test_support::paths::root;

use crate::{Measured, document::size, document::thousands};

const WIDTH: f64 = 840.0;
const HEIGHT: f64 = 400.0;

/// The steps in the plot.
const STEPS: [&str; 4] =
    ["a reset, and its notice", "a link, by user name", "a night's clean-up", "a lock, and its mail"];

/// D1's limit, in bytes.
const LIMIT: f64 = 1e10;

/// The colors for one scheme of a reader's system: GitHub's, whose contrast with the background is at least 4.5.
struct Colors {
    background: &'static str,
    text: &'static str,
    grid: &'static str,
    lines: [&'static str; STEPS.len()],
}

const LIGHT: Colors = Colors {
    background: "#ffffff",
    text: "#1f2328",
    grid: "#d1d9e0",
    lines: ["#0969da", "#bc4c00", "#1a7f37", "#8250df"],
};

const DARK: Colors = Colors {
    background: "#0d1117",
    text: "#f0f6fc",
    grid: "#3d444d",
    lines: ["#58a6ff", "#f0883e", "#3fb950", "#be8fff"],
};

/// Writes the plot for both schemes.
pub(crate) fn write(measured: &[Measured]) {
    for (scheme, colors) in [("light", LIGHT), ("dark", DARK)] {
        let path = root().join(format!("docs/images/growth-{scheme}.svg"));
        fs::write(path, svg(measured, &colors)).unwrap();
    }
}

/// A panel: where it is, and what its axes show.
struct Panel {
    left: f64,
    right: f64,
    /// The logarithms of the least and the most users.
    users: (f64, f64),
    /// The values at the bottom and at the top.
    values: (f64, f64),
}

impl Panel {
    const TOP: f64 = 64.0;
    const BOTTOM: f64 = HEIGHT - 56.0;

    fn x(&self, users: u64) -> f64 {
        let (least, most) = self.users;
        self.left + (log(users) - least) / (most - least) * (self.right - self.left)
    }

    fn y(&self, value: f64) -> f64 {
        let (bottom, top) = self.values;
        Self::BOTTOM - (value - bottom) / (top - bottom) * (Self::BOTTOM - Self::TOP)
    }
}

#[expect(clippy::cast_precision_loss, reason = "a plot is less precise")]
fn log(number: u64) -> f64 {
    (number as f64).log10()
}

fn svg(measured: &[Measured], colors: &Colors) -> String {
    let Colors { background, text, grid, .. } = colors;
    let users = (log(measured[0].users), log(measured.last().unwrap().users));
    let times = |step: &str| {
        let of = |it: &Measured| it.steps.iter().find(|it| it.name == step).unwrap().milliseconds();
        measured.iter().map(|it| (it.users, of(it))).collect::<Vec<_>>()
    };
    let top = STEPS.into_iter().flat_map(times).map(|(_, time)| time).fold(0.0, f64::max);
    let top = if top < 2.0 { (top * 5.0).ceil() / 5.0 } else { top.ceil() };
    let time = Panel { left: 48.0, right: 330.0, users, values: (0.0, top) };
    let disk = Panel { left: 620.0, right: WIDTH - 76.0, users, values: (6.0, 10.5) };

    let mut svg = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="title desc" font-family="system-ui, -apple-system, 'Segoe UI', sans-serif" font-size="14" fill="{text}">
<title id="title">Time in D1 and size on disk, by the number of users</title>
<desc id="desc">{}</desc>
<rect width="{WIDTH}" height="{HEIGHT}" fill="{background}"/>
<text x="{}" y="30" font-size="16" font-weight="600">Time in D1, in milliseconds</text>
<text x="{}" y="30" font-size="16" font-weight="600">Size on disk</text>
"#,
        description(measured),
        time.left - 30.0,
        disk.left - 60.0,
    );
    // The grids and their labels.
    for tenth in 0..=4 {
        let value = top * f64::from(tenth) / 4.0;
        line(&mut svg, &time, value, grid);
        label(&mut svg, time.left - 8.0, time.y(value) + 5.0, "end", text, &format!("{value:.1}"));
    }
    for (power, what) in [(6.0, "1 MB"), (7.0, "10 MB"), (8.0, "100 MB"), (9.0, "1 GB"), (10.0, "10 GB")] {
        line(&mut svg, &disk, power, grid);
        label(&mut svg, disk.left - 8.0, disk.y(power) + 5.0, "end", text, what);
    }
    for panel in [&time, &disk] {
        for Measured { users, .. } in measured {
            label(&mut svg, panel.x(*users), Panel::BOTTOM + 24.0, "middle", text, &short(*users));
        }
        let middle = f64::midpoint(panel.left, panel.right);
        label(&mut svg, middle, Panel::BOTTOM + 46.0, "middle", text, "users");
    }

    // Times, with the name of each step at the end of its line, where no two names overlap.
    let mut names: Vec<(f64, &str, &str)> = Vec::new();
    for (step, color) in STEPS.into_iter().zip(colors.lines) {
        let points: Vec<_> = times(step).into_iter().map(|(users, ms)| (time.x(users), time.y(ms))).collect();
        curve(&mut svg, &points, color);
        names.push((points.last().unwrap().1, step, color));
    }
    names.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut lowest = f64::MIN;
    // From top to bottom, but so that all fit above the axis.
    for (at, (y, step, color)) in names.iter().enumerate() {
        #[expect(clippy::cast_precision_loss, reason = "there are four")]
        let room = (names.len() - 1 - at) as f64 * 20.0;
        lowest = y.max(lowest + 20.0).min(Panel::BOTTOM - room);
        label(&mut svg, time.right + 12.0, lowest + 5.0, "start", color, step);
    }

    // The size, with D1's limit.
    let limit = disk.y(LIMIT.log10());
    let dashed = format!(r#"stroke="{}" stroke-width="2" stroke-dasharray="6 4""#, colors.lines[1]);
    writeln!(svg, r#"<path d="M{:.1} {limit:.1}H{:.1}" {dashed}/>"#, disk.left, disk.right).unwrap();
    label(&mut svg, disk.left + 4.0, limit - 8.0, "start", colors.lines[1], "the limit of D1");
    let sizes = measured.iter().map(|it| (disk.x(it.users), disk.y(log(it.bytes)), it.bytes));
    let sizes: Vec<_> = sizes.collect();
    let points: Vec<_> = sizes.iter().map(|(x, y, _)| (*x, *y)).collect();
    curve(&mut svg, &points, colors.lines[0]);
    for (x, y, bytes) in sizes {
        // Below the line, which rises.
        label(&mut svg, x + 10.0, y + 16.0, "start", colors.lines[0], &size(bytes));
    }
    svg + "</svg>\n"
}

/// The plot in words.
fn description(measured: &[Measured]) -> String {
    let mut description = String::new();
    for Measured { users, steps, bytes } in measured {
        write!(description, "{} users: ", thousands(*users)).unwrap();
        for step in steps.iter().filter(|step| STEPS.contains(&step.name)) {
            write!(description, "{}: {:.2} ms; ", step.name, step.milliseconds()).unwrap();
        }
        write!(description, "{} on disk. ", size(*bytes)).unwrap();
    }
    description
}

fn line(svg: &mut String, panel: &Panel, value: f64, color: &str) {
    let Panel { left, right, .. } = panel;
    writeln!(svg, r#"<path d="M{left} {:.1}H{right}" stroke="{color}"/>"#, panel.y(value)).unwrap();
}

fn curve(svg: &mut String, points: &[(f64, f64)], color: &str) {
    let path: Vec<_> = points.iter().map(|(x, y)| format!("{x:.1} {y:.1}")).collect();
    let path = path.join("L");
    writeln!(svg, r#"<path d="M{path}" fill="none" stroke="{color}" stroke-width="2.5"/>"#).unwrap();
    for (x, y) in points {
        writeln!(svg, r#"<circle cx="{x:.1}" cy="{y:.1}" r="4" fill="{color}"/>"#).unwrap();
    }
}

fn label(svg: &mut String, x: f64, y: f64, anchor: &str, color: &str, text: &str) {
    writeln!(svg, r#"<text x="{x:.1}" y="{y:.1}" text-anchor="{anchor}" fill="{color}">{text}</text>"#)
        .unwrap();
}

/// A number of users, for an axis.
fn short(users: u64) -> String {
    match users {
        1_000_000.. => format!("{}M", users / 1_000_000),
        1000.. => format!("{}k", users / 1000),
        _ => users.to_string(),
    }
}
