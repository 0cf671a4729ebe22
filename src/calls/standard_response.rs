//! The standard response object of the AlphaPoint API: the one form of every answer.

use serde::Serialize;

/// `{"result": true, "errormsg": null, "errorcode": 0, "detail": null}`, keys in this order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StandardResponse {
    result: bool,
    errormsg: Option<&'static str>,
    errorcode: u8,
    detail: Option<String>,
}

/// The errors that a standard response can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are their texts")]
pub enum ErrorCode {
    NotAuthorized = 20,
    InvalidResponse = 100,
    OperationFailed = 101,
    ServerError = 102,
    ResourceNotFound = 104,
    OperationNotSupported = 106,
}

impl ErrorCode {
    /// The `errormsg`, which clients compare to the letter.
    const fn message(self) -> &'static str {
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

impl StandardResponse {
    /// The call did what it was asked to do. `errormsg` is `null`: clients take any string, even an empty one, for a
    /// failure.
    #[must_use]
    pub fn success() -> Self {
        Self { result: true, errormsg: None, errorcode: 0, detail: None }
    }

    /// The call failed. `detail` says what to do about it, and repeats nothing that was sent.
    pub fn error(code: ErrorCode, detail: impl Into<String>) -> Self {
        Self {
            result: false,
            errormsg: Some(code.message()),
            errorcode: code as u8,
            detail: Some(detail.into()),
        }
    }

    /// The `errorcode`; 0 is success.
    #[must_use]
    pub fn errorcode(&self) -> u8 {
        self.errorcode
    }

    /// The object as JSON.
    ///
    /// # Panics
    ///
    /// Never: there is nothing in it that JSON cannot say.
    #[must_use]
    pub fn to_json(&self) -> String {
        #[expect(clippy::expect_used, reason = "a bool, two strings and a number")]
        serde_json::to_string(self).expect("JSON can say this")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn to_the_letter() {
        assert_eq!(
            StandardResponse::success().to_json(),
            r#"{"result":true,"errormsg":null,"errorcode":0,"detail":null}"#
        );
        let errors = [
            (ErrorCode::NotAuthorized, r#""Not Authorized","errorcode":20"#),
            (ErrorCode::InvalidResponse, r#""Invalid Response","errorcode":100"#),
            (ErrorCode::OperationFailed, r#""Operation Failed","errorcode":101"#),
            (ErrorCode::ServerError, r#""Server Error","errorcode":102"#),
            (ErrorCode::ResourceNotFound, r#""Resource Not Found","errorcode":104"#),
            (ErrorCode::OperationNotSupported, r#""Operation Not Supported","errorcode":106"#),
        ];
        for (code, middle) in errors {
            assert_eq!(
                StandardResponse::error(code, "Do this.").to_json(),
                format!(r#"{{"result":false,"errormsg":{middle},"detail":"Do this."}}"#)
            );
        }
    }
}
