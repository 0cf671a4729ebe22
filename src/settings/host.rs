//! Hosts, as browsers and mail servers read them.

use std::{
    fmt,
    net::{Ipv4Addr, Ipv6Addr},
};

/// The most bytes of a domain name, and of one of its labels (RFC 1035, section 2.3.4).
const MAX_DOMAIN_LENGTH: usize = 253;
const MAX_LABEL_LENGTH: usize = 63;

/// A host that every program reads alike. It prints as browsers serialize it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Host {
    Domain(String),
    V4(Ipv4Addr),
    V6(Ipv6Addr),
}

impl Host {
    /// Parses the host of a URL.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if let Some(text) = text.strip_prefix('[') {
            let address: Ipv6Addr = text.strip_suffix(']')?.parse().ok()?;
            // Browsers serialize an IPv4-mapped address differently from `Ipv6Addr`.
            return address.to_ipv4_mapped().is_none().then_some(Self::V6(address));
        }
        let address = text.parse().ok().map(Self::V4);
        address.or_else(|| is_domain(text).then(|| Self::Domain(text.to_ascii_lowercase())))
    }

    /// Whether this is the machine itself.
    pub(super) fn is_local(&self) -> bool {
        match self {
            Self::Domain(domain) => domain == "localhost",
            Self::V4(address) => *address == Ipv4Addr::LOCALHOST,
            Self::V6(address) => *address == Ipv6Addr::LOCALHOST,
        }
    }
}

impl fmt::Display for Host {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Domain(domain) => domain.fmt(formatter),
            Self::V4(address) => address.fmt(formatter),
            Self::V6(address) => write!(formatter, "[{address}]"),
        }
    }
}

/// Whether this is a domain name: labels of ASCII letters, digits and hyphens (RFC 1123, section 2.1). A name with
/// other letters must be in Punycode.
pub(super) fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= MAX_LABEL_LENGTH
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    // Browsers read a host whose last label is a number as an IPv4 address: 127.1, or 0x7f.0x1.
    let last_starts_with_letter =
        text.rsplit('.').next().is_some_and(|last| last.starts_with(char::is_alphabetic));
    text.len() <= MAX_DOMAIN_LENGTH && last_starts_with_letter && text.split('.').all(is_label)
}
