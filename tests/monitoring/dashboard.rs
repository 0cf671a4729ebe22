//! docs/grafana-dashboard.json: Grafana can import it, and each panel has data.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::analytics_engine;

const DASHBOARD: &str = include_str!("../../docs/grafana-dashboard.json");
const DATA_SOURCE: &str = "vertamedia-clickhouse-datasource";

/// The width of the grid.
const COLUMNS: u64 = 24;

/// The macros of the data source, with what it would replace them by.
/// <https://developers.cloudflare.com/analytics/analytics-engine/grafana/>
const MACROS: [(&str, &str); 2] = [
    ("$timeSeries", "(intDiv(toUInt32(timestamp), 60) * 60) * 1000"),
    ("$timeFilter", "timestamp >= NOW() - INTERVAL '1' DAY"),
];

pub(crate) fn check(points: &[Value]) {
    let dashboard: Value = serde_json::from_str(DASHBOARD).unwrap();
    // What Grafana's import asks for and replaces.
    let input = &dashboard["__inputs"][0];
    assert_eq!((&input["type"], &input["pluginId"]), (&"datasource".into(), &DATA_SOURCE.into()));
    let data_source = format!("${{{}}}", input["name"].as_str().unwrap());
    // A dashboard with an id would replace the one that has that id there.
    assert!(dashboard["id"].is_null() && dashboard["uid"].is_string() && dashboard["title"].is_string());
    assert!(dashboard["schemaVersion"].as_u64() >= Some(36));

    let panels = dashboard["panels"].as_array().unwrap();
    assert!(panels.len() >= 5);
    let (mut ids, mut cells) = (BTreeSet::new(), BTreeSet::new());
    for panel in panels {
        let title = panel["title"].as_str().unwrap();
        assert!(ids.insert(panel["id"].as_u64().unwrap()), "{title}");
        assert!(matches!(panel["type"].as_str(), Some("timeseries" | "table")), "{title}");
        let [x, y, width, height] = ["x", "y", "w", "h"].map(|key| panel["gridPos"][key].as_u64().unwrap());
        assert!(x + width <= COLUMNS, "{title}");
        for cell in (x..x + width).flat_map(|x| (y..y + height).map(move |y| (x, y))) {
            assert!(cells.insert(cell), "{title} overlaps another panel");
        }
        assert_eq!(panel["datasource"]["uid"], *data_source, "{title}");
        for target in panel["targets"].as_array().unwrap() {
            assert_eq!(target["datasource"], panel["datasource"], "{title}");
            // Without these, the data source does not replace the macros.
            assert_eq!(target["dateTimeColDataType"], "timestamp", "{title}");
            assert_eq!(target["dateTimeType"], "DATETIME", "{title}");
            let mut query = target["query"].as_str().unwrap().to_owned();
            for (name, replacement) in MACROS {
                assert!(name != "$timeFilter" || query.contains(name), "{title}");
                query = query.replace(name, replacement);
            }
            let rows = analytics_engine::run(&query, points);
            assert!(!rows.is_empty(), "{title}");
            let is_series = target["format"] == "time_series";
            assert!(rows.iter().all(|row| row["t"].is_number() == is_series), "{title}: {rows:?}");
        }
    }
}
