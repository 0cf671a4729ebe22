//! Times for people to read.

use crate::unix_millis::UnixMillis;

/// The minute in UTC, such as `2026-01-01 00:00 UTC`.
///
/// The day is Howard Hinnant's `civil_from_days` (<https://howardhinnant.github.io/date_algorithms.html#civil_from_days>)
/// for the days from 1970 on: its years begin in March, so that a leap day comes last, and its eras are of 400 years.
pub(super) fn format(time: UnixMillis) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a UnixMillis is a whole number from 0 to UnixMillis::MAX"
    )]
    let minutes = time.as_u64() / 60_000;
    let (days, minute) = (minutes / (24 * 60), minutes % (24 * 60));

    let since_0000_03_01 = days + 719_468;
    let (era, day_of_era) = (since_0000_03_01 / 146_097, since_0000_03_01 % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);

    std::format!("{year:04}-{month:02}-{day:02} {:02}:{:02} UTC", minute / 60, minute % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_as_people_read_them() {
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
