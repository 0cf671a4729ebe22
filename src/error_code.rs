//! The error codes of the standard response object.

/// An error code of the standard response object (docs/contract.md, section 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::VariantArray)]
#[expect(missing_docs, reason = "the variants are named after their texts")]
pub enum ErrorCode {
    NotAuthorized = 20,
    /// The request is invalid. The name is the API's.
    InvalidResponse = 100,
    OperationFailed = 101,
    ServerError = 102,
    ResourceNotFound = 104,
    OperationNotSupported = 106,
}

impl ErrorCode {
    /// Returns the `errormsg`. Clients compare it literally.
    #[must_use]
    pub const fn message(self) -> &'static str {
        match self {
            Self::NotAuthorized => "Not Authorized",
            Self::InvalidResponse => "Invalid Response",
            Self::OperationFailed => "Operation Failed",
            Self::ServerError => "Server Error",
            Self::ResourceNotFound => "Resource Not Found",
            Self::OperationNotSupported => "Operation Not Supported",
        }
    }
}

#[cfg(test)]
mod tests {
    use strum::VariantArray as _;

    use super::*;

    #[test]
    fn the_contract_lists_every_error_code_with_its_message() {
        for code in ErrorCode::VARIANTS {
            let row = format!("\n| {} | {} | ", *code as u8, code.message());
            assert!(include_str!("../docs/contract.md").contains(&row), "{row}");
        }
    }
}
