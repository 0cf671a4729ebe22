//! The URLs in the settings. `Uri` follows RFC 3986 and browsers follow the URL standard, so this accepts only what
//! both read alike.

use http::Uri;

use super::host::Host;

/// An http or https URL without user info.
pub(super) struct WebUrl {
    is_encrypted: bool,
    host: Host,
    port: Option<u16>,
}

impl WebUrl {
    /// Parses a URL.
    pub(super) fn parse(text: &str) -> Option<Self> {
        // Browsers remove some of these characters before they parse a URL, and read a backslash as a slash. `Uri` doesn't look at
        // the fragment.
        if text.contains(|letter: char| letter.is_whitespace() || letter.is_control() || letter == '\\') {
            return None;
        }
        let uri: Uri = text.parse().ok()?;
        let is_encrypted = match uri.scheme_str()? {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        let authority = uri.authority()?;
        // User info would come before the host.
        let port = match authority.as_str().strip_prefix(authority.host())? {
            "" => None,
            port => Some(parse_port(port.strip_prefix(':')?)?),
        };
        Some(Self { is_encrypted, host: Host::parse(authority.host())?, port })
    }

    /// Whether requests to this URL can't be read on the network: they use TLS, or stay on this machine. The name comes
    /// from W3C Secure Contexts, section 3.1.
    pub(super) fn is_potentially_trustworthy(&self) -> bool {
        self.is_encrypted || self.host.is_local()
    }

    /// Returns the origin in the form in which browsers send it (HTML standard, "serialization of an origin"): the
    /// scheme, the host in lower case, and the port unless it is the default.
    pub(super) fn origin(&self) -> String {
        let Self { is_encrypted, host, port } = self;
        let (scheme, default_port) = if *is_encrypted { ("https", 443) } else { ("http", 80) };
        match port.filter(|port| *port != default_port) {
            Some(port) => format!("{scheme}://{host}:{port}"),
            None => format!("{scheme}://{host}"),
        }
    }
}

/// Parses a port that is written as browsers write it.
fn parse_port(text: &str) -> Option<u16> {
    text.parse().ok().filter(|port: &u16| *port != 0 && port.to_string() == text)
}
