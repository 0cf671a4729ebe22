//! The header `Accept-Language`: `Language::negotiate`.

use std::str;

use reset_password2::languages::Language;

/// The elements that are read.
const MAX_RANGES: usize = 64;

/// The language is one that the header asks for with a quality above 0. It depends neither on whitespace and letter case, nor
/// on what the header rules out, nor on the order of different qualities.
pub fn accept_language(input: &[u8]) {
    let Ok(header) = str::from_utf8(input) else { return };
    let language = Language::negotiate(header);
    let elements: Vec<_> = header.split(',').collect();

    let asks_for_it = |element: &&str| {
        let range = element.split(';').next().unwrap_or_default();
        Language::of_locale(range) == Some(language) && is_acceptable(element)
    };
    assert!(
        language == Language::English || elements.iter().take(MAX_RANGES).any(asks_for_it),
        "{header:?} gets {language:?}"
    );

    let same = |other: &str| assert_eq!(Language::negotiate(other), language, "{header:?} and {other:?}");
    same(&elements.join(" ,\t"));
    same(&header.replace(';', " ; "));
    same(&header.to_ascii_uppercase());
    same(&header.to_ascii_lowercase());
    if elements.len() < MAX_RANGES {
        same(&format!("ja;q=0,{header}"));
        same(&format!("{header},ar;q=0.000"));
        same(&format!("*,{header}"));
        same(&format!("{header},de;q=1;q=1"));
        let thousandths: Option<Vec<_>> = elements.iter().map(|element| thousandths(element)).collect();
        if let Some(mut thousandths) = thousandths {
            thousandths.sort_unstable();
            let are_different = thousandths.windows(2).all(|pair| pair[0] != pair[1]);
            let reversed: Vec<_> = elements.iter().rev().copied().collect();
            if are_different {
                same(&reversed.join(","));
            }
        }
    }
    // The best language is preferred over everything that has less quality.
    if let Some(tag) = elements.first().filter(|_| elements.len() == 1 && !header.contains(';')) {
        assert_eq!(Language::of_locale(tag).unwrap_or(Language::English), language, "{header:?}");
        same(&format!("ja;q=0,{tag},{};q=0.9", language.tag()));
    }
}

/// Whether the weight of an element has a digit other than 0, or there is no weight.
fn is_acceptable(element: &str) -> bool {
    element.split_once(';').is_none_or(|(_, weight)| weight.contains(|digit| matches!(digit, '1'..='9')))
}

/// Returns the quality of an element in thousandths, if it follows RFC 9110, section 12.4.2.
fn thousandths(element: &str) -> Option<u32> {
    let Some((_, weight)) = element.split_once(';') else { return Some(1000) };
    let value = weight.trim().strip_prefix("q=")?;
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    let is_decimal = fraction.len() <= 3 && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let fraction = format!("{fraction:0<3}").parse::<u32>().ok().filter(|_| is_decimal)?;
    match whole {
        "0" => Some(fraction),
        "1" if fraction == 0 => Some(1000),
        _ => None,
    }
}
