//! Times for people to read.

use time::UtcDateTime;

use crate::unix_millis::UnixMillis;

/// Returns the minute in UTC, such as `2026-01-01 00:00 UTC`.
pub(super) fn format(time: UnixMillis) -> String {
    // Both conversions succeed: with its feature `large-dates`, `time` reaches beyond UnixMillis::MAX.
    let seconds = i64::try_from(time.as_u64() / 1000).unwrap_or(i64::MAX);
    let utc = UtcDateTime::from_unix_timestamp(seconds).unwrap_or(UtcDateTime::MAX);
    let (year, month, day) = utc.to_calendar_date();
    let (hour, minute, _) = utc.as_hms();
    format!("{year:04}-{:02}-{day:02} {hour:02}:{minute:02} UTC", u8::from(month))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_match_gnu_date() {
        // date --utc --date=@SECONDS '+%F %H:%M UTC'
        let times = [
            (0, "1970-01-01 00:00 UTC"),
            (951_782_399, "2000-02-28 23:59 UTC"),
            (951_782_400, "2000-02-29 00:00 UTC"),
            (951_868_800, "2000-03-01 00:00 UTC"),
            (1_709_208_000, "2024-02-29 12:00 UTC"),
            (1_767_225_599, "2025-12-31 23:59 UTC"),
            (1_767_225_600, "2026-01-01 00:00 UTC"),
            (4_107_542_399, "2100-02-28 23:59 UTC"),
            (4_107_542_400, "2100-03-01 00:00 UTC"),
            (8_640_000_000_000, "275760-09-13 00:00 UTC"),
        ];
        for (seconds, text) in times {
            assert_eq!(format(UnixMillis::try_from(seconds * 1000).unwrap()), text);
        }
    }
}
