//! What a request says about its client.

use std::{fmt, net::IpAddr};

use crate::{device::DeviceFamily, languages::Language};

/// A client, as far as its request describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// The address that it calls from.
    pub address: ClientAddress,
    /// The country of that address according to Cloudflare, as a two-character code.
    pub country: Option<String>,
    /// The kind of device, as the client itself states it.
    pub device: DeviceFamily,
    /// The language that the client prefers, among those that we have.
    pub language: Language,
}

/// The IP address of a client. On Cloudflare it is always known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(Option<IpAddr>);

impl ClientAddress {
    /// Parses the header `CF-Connecting-IP`. Cloudflare sets it, and overwrites what a client sends.
    #[must_use]
    pub fn from_header(cf_connecting_ip: Option<&str>) -> Self {
        Self(
            cf_connecting_ip
                .and_then(|address| address.parse::<IpAddr>().ok())
                .map(|address| address.to_canonical()),
        )
    }

    /// Returns the network that the rate limit counts: an IPv4 address, or the /64 of an IPv6 address, since
    /// one client usually has a whole /64 (RFC 6177). All unknown addresses count as one network.
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

    /// The audit log has the address itself.
    #[test]
    fn an_address_is_written_in_full() {
        for (header, text) in [(Some("2001:db8::7"), "2001:db8::7"), (None, "unknown")] {
            assert_eq!(ClientAddress::from_header(header).to_string(), text);
        }
    }

    #[test]
    fn the_addresses_of_one_client_count_as_one_network() {
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
