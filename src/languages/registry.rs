//! The list of languages.

/// Calls a macro with all languages: for each, its name in [`Language`](super::Language) and its file. The
/// order doesn't matter, except that English, the fallback, comes first.
///
/// Messages in the queue contain these names: renaming one makes the messages of the previous version
/// unreadable.
macro_rules! for_each_language {
    ($macro:ident) => {
        $macro! {
            English: english,
            Arabic: arabic,
            BrazilianPortuguese: brazilian_portuguese,
            French: french,
            German: german,
            Japanese: japanese,
            Korean: korean,
            Russian: russian,
            SimplifiedChinese: simplified_chinese,
            Spanish: spanish,
            Turkish: turkish,
        }
    };
}

/// Declares the file of each language.
macro_rules! modules {
    ($($name:ident: $module:ident),* $(,)?) => {
        $(mod $module;)*
    };
}
