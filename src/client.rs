//! Who calls: what the request tells of the client.

use std::{fmt, net::IpAddr};

use crate::{device::DeviceFamily, languages::Language};

/// What a request tells of its client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// Where it called from.
    pub address: ClientAddress,
    /// The country of that address, as Cloudflare tells it: two letters.
    pub country: Option<String>,
    /// What it runs on, as it says itself.
    pub device: DeviceFamily,
    /// The language that it likes best.
    pub language: Language,
}

/// The address of a client, as Cloudflare tells it; on Cloudflare it is never unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(Option<IpAddr>);

impl ClientAddress {
    /// Reads the header `CF-Connecting-IP`, which a client cannot set: Cloudflare overwrites it.
    #[must_use]
    pub fn from_header(cf_connecting_ip: Option<&str>) -> Self {
        Self(
            cf_connecting_ip
                .and_then(|address| address.parse::<IpAddr>().ok())
                .map(|address| address.to_canonical()),
        )
    }

    /// What calls are counted by: an IPv4 address, or the /64 of an IPv6 address, since a client has all of its /64
    /// (RFC 6177). All unknown addresses are one.
    #[must_use]
    pub fn network(&self) -> String {
        match self.0 {
            Some(IpAddr::V6(address)) => {
                let [a, b, c, d, ..] = address.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
            Some(IpAddr::V4(address)) => address.to_string(),
            None => "unknown".to_owned(),
        }
    }
}

impl fmt::Display for ClientAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(address) => address.fmt(f),
            None => f.write_str("unknown"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_client_is_one_network() {
        let networks = [
            (Some("203.0.113.7"), "203.0.113.7"),
            (Some("::ffff:203.0.113.7"), "203.0.113.7"),
            (Some("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64"),
            (Some("2001:db8:1:2::"), "2001:db8:1:2::/64"),
            (Some("2001:db8:1:3::"), "2001:db8:1:3::/64"),
            (Some("not an address"), "unknown"),
            (None, "unknown"),
        ];
        for (header, network) in networks {
            assert_eq!(ClientAddress::from_header(header).network(), network);
        }
    }
}
