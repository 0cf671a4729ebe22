//! The type [`Language`], generated from the registry.

use serde::{Deserialize, Serialize};

use super::{direction::Direction, plural::Plural, texts::Texts};

macro_rules! language {
    ($($name:ident: $module:ident),* $(,)?) => {
        /// A language of pages and mails.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[expect(missing_docs, reason = "the names say it all")]
        pub enum Language {
            $($name,)*
        }

        impl Language {
            /// All languages.
            pub const ALL: [Self; [$(Self::$name),*].len()] = [$(Self::$name),*];

            /// Returns the language tag (BCP 47), for `lang` in HTML and for `Content-Language`.
            #[must_use]
            pub const fn tag(self) -> &'static str {
                match self {
                    $(Self::$name => super::$module::TAG,)*
                }
            }

            /// Returns the direction of writing, for `dir` in HTML.
            #[must_use]
            pub const fn direction(self) -> Direction {
                match self {
                    $(Self::$name => super::$module::DIRECTION,)*
                }
            }

            /// Returns the texts of pages and mails.
            #[must_use]
            pub const fn texts(self) -> &'static Texts {
                match self {
                    $(Self::$name => &super::$module::TEXTS,)*
                }
            }
        }
    };
}

for_each_language!(language);

impl Language {
    /// Returns a number with its noun, such as "30 minutes".
    #[must_use]
    pub fn count(self, number: u64, noun: &Plural) -> String {
        noun.with_number(self.tag(), number)
    }
}
