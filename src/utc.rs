//! Times as text.

use time::UtcDateTime;

use crate::unix_millis::UnixMillis;

/// Returns the minute for people to read, such as `2026-01-01 00:00 UTC`.
pub(crate) fn minute(time: UnixMillis) -> String {
    let time = to_utc(time);
    format!("{} {:02}:{:02} UTC", date(time), time.hour(), time.minute())
}

/// Returns the time for programs to read, such as `2026-01-01T00:00:00.000Z` (RFC 3339, for years of four digits).
pub(crate) fn rfc3339(time: UnixMillis) -> String {
    let time = to_utc(time);
    let (hour, minute, second, millisecond) = time.as_hms_milli();
    format!("{}T{hour:02}:{minute:02}:{second:02}.{millisecond:03}Z", date(time))
}

fn date(time: UtcDateTime) -> String {
    let (year, month, day) = time.to_calendar_date();
    format!("{year:04}-{:02}-{day:02}", u8::from(month))
}

fn to_utc(time: UnixMillis) -> UtcDateTime {
    // This succeeds: with its feature `large-dates`, `time` reaches beyond UnixMillis::MAX.
    UtcDateTime::from_unix_timestamp_nanos(i128::from(time.as_u64()) * 1_000_000).unwrap_or(UtcDateTime::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_match_gnu_date() {
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
            assert_eq!(minute(UnixMillis::try_from(seconds * 1000).unwrap()), text);
        }
    }
    #[test]
    fn times_for_programs_match_gnu_date() {
        // date --utc --date=@SECONDS.MILLIS +%FT%T.%3NZ
        for (millis, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_399_999, "2000-02-28T23:59:59.999Z"),
            (1_795_521_600_007, "2026-11-24T12:00:00.007Z"),
        ] {
            assert_eq!(rfc3339(UnixMillis::try_from(millis).unwrap()), text);
        }
    }
}
