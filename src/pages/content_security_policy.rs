//! What browsers may load for a page, and from where.

/// The `Content-Security-Policy` of the pages: nothing inline, and nothing from or to another origin.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
