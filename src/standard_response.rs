//! The standard response object of the AlphaPoint API: the body of every response to a call.

use serde::Serialize;

use crate::{error_code::ErrorCode, outcome::Outcome};

/// `{"result": true, "errormsg": null, "errorcode": 0, "detail": null}`, with the keys in this order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StandardResponse {
    result: bool,
    errormsg: Option<&'static str>,
    errorcode: u8,
    detail: Option<String>,
    #[serde(skip)]
    outcome: Outcome,
}

impl StandardResponse {
    /// Creates the response to a call that succeeded. `errormsg` is `null`, because clients treat any string,
    /// even an empty one, as a failure.
    #[must_use]
    pub fn success() -> Self {
        Self::new(Outcome::Done, None)
    }

    /// Creates the response to a call that failed. `detail` says what to do about it, and never repeats what
    /// was sent.
    pub fn failure(outcome: Outcome, detail: impl Into<String>) -> Self {
        Self::new(outcome, Some(detail.into()))
    }

    fn new(outcome: Outcome, detail: Option<String>) -> Self {
        let code = outcome.error_code();
        Self {
            result: code.is_none(),
            errormsg: code.map(ErrorCode::message),
            errorcode: code.map_or(0, |code| code as u8),
            detail,
            outcome,
        }
    }

    /// Returns how the call ended. The JSON doesn't contain it; HTTP responses carry it in the header
    /// `X-Outcome`.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// Returns the object as JSON.
    ///
    /// # Panics
    ///
    /// Never: a Boolean, a number, and strings can always be serialized.
    #[must_use]
    pub fn to_json(&self) -> String {
        #[expect(clippy::expect_used, reason = "a Boolean, a number, and strings can always be serialized")]
        serde_json::to_string(self).expect("serializable")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_order_and_texts_are_exact() {
        assert_eq!(
            StandardResponse::success().to_json(),
            r#"{"result":true,"errormsg":null,"errorcode":0,"detail":null}"#
        );
        let failures = [
            (Outcome::NotAuthorized, r#""Not Authorized","errorcode":20"#),
            (Outcome::Invalid, r#""Invalid Response","errorcode":100"#),
            (Outcome::TooManyAttempts, r#""Operation Failed","errorcode":101"#),
            (Outcome::Unclear, r#""Server Error","errorcode":102"#),
            (Outcome::UserGone, r#""Resource Not Found","errorcode":104"#),
            (Outcome::UnknownCall, r#""Operation Not Supported","errorcode":106"#),
        ];
        for (outcome, middle) in failures {
            assert_eq!(
                StandardResponse::failure(outcome, "Do this.").to_json(),
                format!(r#"{{"result":false,"errormsg":{middle},"detail":"Do this."}}"#)
            );
        }
    }
}
