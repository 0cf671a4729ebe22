//! The kind of device that a browser runs on.

/// A kind of device, by the name that people use for it.
///
/// Messages in the queue contain these names: renaming one makes the messages of the previous version
/// unreadable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[expect(missing_docs, reason = "the names say it all")]
pub enum DeviceFamily {
    Iphone,
    Ipad,
    Android,
    Windows,
    Mac,
    Linux,
    Other,
}

impl DeviceFamily {
    /// Returns the device in a `User-Agent` header (RFC 9110, section 10.1.5).
    ///
    /// A client can send anything there, and an iPad claims to be a Mac by default. Show the result to people, and don't
    /// base decisions on it.
    #[must_use]
    pub fn of_user_agent(user_agent: &str) -> Self {
        // The first match counts: Windows phones also claimed to be Android and iPhone, and every Android is a Linux.
        [
            ("Windows", Self::Windows),
            ("iPad", Self::Ipad),
            ("iPhone", Self::Iphone),
            ("Android", Self::Android),
            ("Macintosh", Self::Mac),
            ("Linux", Self::Linux),
        ]
        .into_iter()
        .find_map(|(name, family)| user_agent.contains(name).then_some(family))
        .unwrap_or(Self::Other)
    }

    /// Returns the name, which is the same in every language. [`DeviceFamily::Other`] has none.
    #[must_use]
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::Iphone => Some("iPhone"),
            Self::Ipad => Some("iPad"),
            Self::Android => Some("Android"),
            Self::Windows => Some("Windows"),
            Self::Mac => Some("Mac"),
            Self::Linux => Some("Linux"),
            Self::Other => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_agents_reveal_their_device() {
        let user_agents = [
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
                DeviceFamily::Iphone,
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/126.0.6478.54 Mobile/15E148 Safari/604.1",
                DeviceFamily::Iphone,
            ),
            (
                "Mozilla/5.0 (iPad; CPU OS 12_5_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/12.1.2 Mobile/15E148 Safari/604.1",
                DeviceFamily::Ipad,
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
                DeviceFamily::Android,
            ),
            (
                "Mozilla/5.0 (Linux; Android 14; SM-S921B Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.71 Mobile Safari/537.36",
                DeviceFamily::Android,
            ),
            ("Mozilla/5.0 (Android 14; Mobile; rv:127.0) Gecko/127.0 Firefox/127.0", DeviceFamily::Android),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0",
                DeviceFamily::Windows,
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0",
                DeviceFamily::Windows,
            ),
            (
                "Mozilla/5.0 (Mobile; Windows Phone 8.1; Android 4.0; ARM; Trident/7.0; Touch; rv:11.0; IEMobile/11.0; NOKIA; Lumia 520) like iPhone OS 7_0_3 Mac OS X AppleWebKit/537 (KHTML, like Gecko) Mobile Safari/537",
                DeviceFamily::Windows,
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
                DeviceFamily::Mac,
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:127.0) Gecko/20100101 Firefox/127.0",
                DeviceFamily::Mac,
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
                DeviceFamily::Linux,
            ),
            (
                "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
                DeviceFamily::Linux,
            ),
            (
                "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
                DeviceFamily::Other,
            ),
            ("curl/8.5.0", DeviceFamily::Other),
            ("", DeviceFamily::Other),
        ];
        for (user_agent, family) in user_agents {
            assert_eq!(DeviceFamily::of_user_agent(user_agent), family, "{user_agent}");
        }
    }
}
