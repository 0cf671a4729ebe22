//! Workers KV: eventually consistent, with a cache at each location that also remembers misses.

use std::collections::HashMap;

/// The locations.
pub(crate) const LOCATIONS: u64 = 3;

/// How long a write may take to become visible elsewhere, in milliseconds.
const MAX_PROPAGATION: u64 = 90_000;

/// How long a location caches what it has read, in milliseconds.
const CACHE: u64 = 60_000;

/// A value and its expiry, or `None` if there is no value.
type Stored = Option<(String, u64)>;

struct Version {
    written_at: u64,
    location: u64,
    /// When the version becomes visible elsewhere.
    visible_at: u64,
    value: Stored,
}

/// A namespace.
#[derive(Default)]
pub(crate) struct Kv {
    versions: HashMap<String, Vec<Version>>,
    cached: HashMap<(u64, String), (Stored, u64)>,
}

impl Kv {
    /// Writes or removes a value at a location.
    pub(crate) fn write(&mut self, location: u64, key: &str, value: Stored, now: u64, propagation: u64) {
        let visible_at = now + propagation % MAX_PROPAGATION;
        self.cached.remove(&(location, key.to_owned()));
        let versions = self.versions.entry(key.to_owned()).or_default();
        versions.push(Version { written_at: now, location, visible_at, value });
    }

    /// Reads a value at a location, as of `now`. The second result tells whether it is stale.
    pub(crate) fn read(&mut self, location: u64, key: &str, now: u64) -> (Option<String>, bool) {
        let newest = self.newest(key, now, |_| true);
        let cache_key = (location, key.to_owned());
        let value = match self.cached.get(&cache_key) {
            Some((value, until)) if *until > now => value.clone(),
            _ => {
                let visible = self
                    .newest(key, now, |version| version.location == location || version.visible_at <= now);
                self.cached.insert(cache_key, (visible.clone(), now + CACHE));
                visible
            }
        };
        let is_stale = value != newest;
        (value.filter(|(_, expires_at)| *expires_at > now).map(|(value, _)| value), is_stale)
    }

    /// Returns the newest value, which every location eventually finds.
    pub(crate) fn newest_value(&self, key: &str, now: u64) -> Option<String> {
        self.newest(key, now, |_| true).map(|(value, _)| value)
    }

    fn newest(&self, key: &str, now: u64, is_visible: impl Fn(&Version) -> bool) -> Stored {
        let versions = self.versions.get(key)?;
        let visible = versions.iter().filter(|version| version.written_at <= now && is_visible(version));
        visible.max_by_key(|version| version.written_at)?.value.clone()
    }
}
