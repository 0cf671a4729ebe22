//! The password policy, after NIST SP 800-63B-4, section 3.1.1.2: length matters, composition does not, and the passwords
//! that attackers try first are rejected.

use super::{
    common_passwords::is_common,
    new_password::NewPassword,
    patterns::{CodePoints, consists_of_rows, is_common_text, repeated},
};

/// The most code points that a password may have. It bounds the work, and is far above the 64 that SP 800-63B-4 requires
/// verifiers to accept.
pub const MAX_LENGTH: usize = 1024;

/// The fewest code points of a user name or a context word. Passwords contain shorter ones by chance.
const MIN_WORD_LENGTH: usize = 4;

/// The factor by which a text can grow in lower case: İ (2 bytes) becomes i and a combining dot (3 bytes).
const MAX_FOLDED_GROWTH: usize = 2;

/// The rules that a new password must follow.
#[derive(Debug, Clone)]
pub struct Policy {
    min_length: usize,
    context_words: Vec<String>,
}

/// The rule that a password breaks. The message is for the person who chose the password.
///
/// In the Worker, each rule is also a word, such as `password_too_short`: the [`Outcome`](crate::outcome::Outcome) of the
/// call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[cfg_attr(
    feature = "worker",
    derive(strum::EnumIter, strum::IntoStaticStr),
    strum(serialize_all = "snake_case", prefix = "password_")
)]
pub enum Violation {
    /// The password has fewer code points than the policy's minimum.
    #[error(
        "This password is too short. Use at least {min_length} characters. A few unrelated words are easy to remember."
    )]
    TooShort {
        /// The policy's minimum, in code points.
        min_length: usize,
    },
    /// The password has more code points than [`MAX_LENGTH`].
    #[error("This password is too long. Use at most {MAX_LENGTH} characters.")]
    TooLong,
    /// The password is on the list of common passwords, or is one of them with digits or symbols added at either end.
    #[error(
        "This password is too common, or too similar to a common one. Choose a different one, such as a few unrelated words."
    )]
    Common,
    /// The password is a text that is repeated, and that is itself too short.
    #[error(
        "This password repeats itself, which makes it longer but not harder to guess. Choose a different one, such as a few unrelated words."
    )]
    Repetitive,
    /// The password consists of rows of neighboring keys or letters.
    #[error(
        "This password is a row of keys or letters, which is easy to guess. Choose a different one, such as a few unrelated words."
    )]
    Sequence,
    /// The password is known from a breach. [`Policy::check`] doesn't ask; the call `ResetPassword2` does.
    #[error(
        "This password has appeared in a data breach, so attackers know it. Choose one that you use nowhere else."
    )]
    Breached,
    /// The password contains the user's name.
    #[error("This password contains your user name. Choose one that does not.")]
    ContainsUserName,
    /// The password contains one of the context words.
    #[error("This password contains the name of this service. Choose one that does not.")]
    ContainsServiceName,
}

impl Violation {
    /// Returns the length that the rule is about, if it is about one.
    #[must_use]
    pub const fn length(self) -> Option<usize> {
        match self {
            Self::TooShort { min_length } => Some(min_length),
            Self::TooLong => Some(MAX_LENGTH),
            Self::Common
            | Self::Repetitive
            | Self::Sequence
            | Self::Breached
            | Self::ContainsUserName
            | Self::ContainsServiceName => None,
        }
    }
}

impl Policy {
    /// Creates a policy: at least `min_length` code points, and none of `context_words` in any letter case, with or
    /// without their spaces.
    pub fn new<Word: AsRef<str>>(min_length: usize, context_words: impl IntoIterator<Item = Word>) -> Self {
        let forms = |word: Word| {
            let word = word.as_ref();
            let without_spaces: String = word.split_whitespace().collect();
            [search_term(word), search_term(&without_spaces)]
        };
        Self { min_length, context_words: context_words.into_iter().flat_map(forms).flatten().collect() }
    }

    /// Returns the fewest code points that a password may have.
    #[must_use]
    pub fn min_length(&self) -> usize {
        self.min_length
    }

    /// Checks a password for the user named `user_name`, if the name is known.
    ///
    /// # Errors
    ///
    /// The first [`Violation`].
    pub fn check(&self, password: &NewPassword, user_name: Option<&str>) -> Result<(), Violation> {
        let length = password.expose().chars().count();
        if length < self.min_length {
            return Err(Violation::TooShort { min_length: self.min_length });
        }
        if length > MAX_LENGTH {
            return Err(Violation::TooLong);
        }
        let folded = folded(password.expose());
        self.check_patterns(&folded)?;
        if user_name.and_then(search_term).is_some_and(|name| folded.expose().contains(&name)) {
            return Err(Violation::ContainsUserName);
        }
        if self.context_words.iter().any(|word| folded.expose().contains(word)) {
            return Err(Violation::ContainsServiceName);
        }
        Ok(())
    }

    /// Checks how a folded password is made up.
    fn check_patterns(&self, folded: &NewPassword) -> Result<(), Violation> {
        let code_points = CodePoints::new(folded.expose());
        if is_common(folded.expose()) || code_points.extends_common() {
            return Err(Violation::Common);
        }
        let core = code_points.core();
        let word = repeated(core);
        if word.is_some_and(is_common_text) {
            return Err(Violation::Common);
        }
        // A text that would be long enough if it stood alone may be repeated.
        if word.is_some_and(|word| word.len() < self.min_length) {
            return Err(Violation::Repetitive);
        }
        if consists_of_rows(core) {
            return Err(Violation::Sequence);
        }
        Ok(())
    }
}

/// Folds letter case, including the two small forms of the Greek Σ, and composes the text to NFC, the form of the list
/// of common passwords. The keys of user names, which D1 stores, have a folding of their own (`user_name`).
fn folded(text: &str) -> NewPassword {
    let mut folded =
        text.chars().flat_map(char::to_lowercase).map(|letter| if letter == 'ς' { 'σ' } else { letter });
    NewPassword::composed(&mut folded, text.len() * MAX_FOLDED_GROWTH)
}

/// Returns a word as it is searched for in a folded password, or `None` if it is too short.
fn search_term(word: &str) -> Option<String> {
    let word = folded(word.trim()).expose().to_owned();
    (word.chars().count() >= MIN_WORD_LENGTH).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: Option<&str> = Some("Alice");

    /// Fifteen code points, each of four bytes.
    const KEYS: &str = "🔑🗝🔐🔒🔓🔏🚪🏠🏡🏰🏯🗼🗽⛪🕌";

    /// A text that doesn't repeat itself.
    fn sheep(number: u32) -> Vec<char> {
        format!("{number} sheep, ").chars().collect()
    }

    fn check(min_length: usize, password: &str) -> Result<(), Violation> {
        Policy::new(min_length, ["Example Exchange", "ExEx", "ex"]).check(&NewPassword::new(password), NAME)
    }

    #[test]
    fn each_rule_applies_exactly_at_its_limit() {
        let too_short = |min_length| Err(Violation::TooShort { min_length });
        let long = |length| (100..).flat_map(sheep).take(length).collect::<String>();
        // Decomposed: an "e" and a combining accent.
        let accented = |text: &str| text.replace('e', "e\u{301}");
        let cases: &[(usize, &str, Result<(), Violation>)] = &[
            (15, &long(14), too_short(15)),
            (15, &long(15), Ok(())),
            (8, &long(7), too_short(8)),
            (8, &long(8), Ok(())),
            (15, &long(64), Ok(())),
            (15, &long(1024), Ok(())),
            (15, &long(1025), Err(Violation::TooLong)),
            // The length counts code points in NFC, not bytes, UTF-16 code units, or what was typed.
            (15, &KEYS.chars().take(14).collect::<String>(), too_short(15)),
            (15, KEYS, Ok(())),
            (15, &accented(&long(14)), too_short(15)),
            (15, &accented(&long(1024)), Ok(())),
            // No composition rules.
            (15, "only lower case letters", Ok(())),
            (15, "847201936475182", Ok(())),
            (15, "!?#%&/()=*+-_.:", Ok(())),
            // Common, in any letter case.
            (8, "password", Err(Violation::Common)),
            (8, "PassWord1", Err(Violation::Common)),
            (15, "QwertyUiop12345", Err(Violation::Common)),
            (15, "1qaz2wsx3edc4rfv", Err(Violation::Common)),
            // Common, with digits or symbols added at either end.
            (15, "password1234567", Err(Violation::Common)),
            (15, "Password123456!", Err(Violation::Common)),
            // A text repeated. It counts once.
            (15, "iloveyouiloveyou", Err(Violation::Common)),
            (15, "bitcoinbitcoin1", Err(Violation::Repetitive)),
            (8, "housesHouses", Err(Violation::Repetitive)),
            (15, "               ", Err(Violation::Repetitive)),
            (15, &"🔑".repeat(15), Err(Violation::Repetitive)),
            (15, "fourteen letter fourteen letter", Ok(())),
            (15, "fourteen lette fourteen lette", Err(Violation::Repetitive)),
            // Rows of keys or letters.
            (15, "abcdefghijklmno", Err(Violation::Sequence)),
            (15, "Asdfghjkl;zxcvbnm", Err(Violation::Sequence)),
            // Names.
            (15, "i am ALICE and nobody else", Err(Violation::ContainsUserName)),
            (15, "buy low at EXEX sell high", Err(Violation::ContainsServiceName)),
            (15, "my example exchange secret", Err(Violation::ContainsServiceName)),
            (15, "my ExampleExchange secret", Err(Violation::ContainsServiceName)),
            (15, "for example, exchange it", Ok(())),
            // "ex" is too short to be searched for.
            (15, "the next exit is mine", Ok(())),
        ];
        for (min_length, password, expected) in cases {
            assert_eq!(check(*min_length, password), *expected, "{password}");
        }
    }

    #[test]
    fn names_are_found_in_every_script_and_short_ones_are_ignored() {
        // With the spaces of a comma-separated list, and a combining accent.
        let policy = Policy::new(15, [" U\u{308}nïcode "]);
        let check = |password, name| policy.check(&NewPassword::new(password), name);
        assert_eq!(check("the ÜNÏCODE of this", None), Err(Violation::ContainsServiceName));
        // The capital Σ is ς at the end of a word, and σ inside a word.
        assert_eq!(check("ΝΙΚΟΣΑΚΗΣ of Athens", Some("ΝΙΚΟΣ")), Err(Violation::ContainsUserName));
        // İ grows in lower case.
        let dotted = "\u{130}".repeat(20) + " and no more";
        assert_eq!(check(&dotted, Some("\u{130}\u{130}\u{130}\u{130}")), Err(Violation::ContainsUserName));
        assert_eq!(check("bob is fifteen years", Some("bob")), Ok(()));
        assert_eq!(check("no name is known here", None), Ok(()));
        assert_eq!(check("an empty name is no name", Some("")), Ok(()));
    }

    #[test]
    fn at_most_one_in_ten_thousand_random_passphrases_is_rejected() {
        const SAMPLE: usize = 30_000;
        let words = bip39::Language::English.word_list();
        let mut random = fastrand::Rng::with_seed(20_261_126);
        let policy = Policy::new(15, ["Example Exchange"]);
        for (separator, ending) in [("", ""), (" ", ""), ("-", "1!")] {
            let mut passphrase = || {
                let four: [_; 4] = std::array::from_fn(|_| words[random.usize(..words.len())]);
                four.join(separator) + ending
            };
            let passphrases = std::iter::repeat_with(&mut passphrase)
                .filter(|passphrase| passphrase.chars().count() >= 15)
                .take(SAMPLE);
            let rejected: Vec<_> = passphrases
                .filter_map(|passphrase| {
                    let violation = policy.check(&NewPassword::new(&passphrase), None).err()?;
                    Some((passphrase, violation))
                })
                .collect();
            assert!(rejected.len() <= SAMPLE / 10_000, "{rejected:?}");
        }
    }
}
