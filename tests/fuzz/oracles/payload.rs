//! The payloads of the calls.

use reset_password2::{
    calls::{CallRequest, reset_password, reset_password2},
    message::Message,
    password::NewPassword,
    pending_code::PendingCode,
    settings::Setting,
    user_id::UserId,
};

use super::{
    guid,
    json::{self, Json},
    settings,
    world::{World, client, now},
};

const NOT_AN_OBJECT: &str = "Send one JSON object in UTF-8, nested at most 127 levels deep, without lone surrogates, and with numbers in the range of a double.";

/// Both calls accept exactly what the contract says, read the same values as a second parser, and otherwise name the key and
/// its rule.
pub fn payload(input: &[u8]) {
    let settings = settings::with(Setting::LoginUrl, "").unwrap();
    let client = client();
    let request = CallRequest { payload: Ok(input), client: &client, settings: Ok(&settings) };

    let world = World::default();
    let result = now(reset_password(&request, &world)).map_err(|error| error.to_string());
    let enqueued = world.enqueued.borrow();
    let enqueued = enqueued.iter().map(|message| match message {
        Message::ResetPassword { user_name, .. } => user_name.as_str(),
        Message::PasswordChanged { .. } | Message::AccountLocked { .. } | Message::Event { .. } => {
            panic!("{message:?}")
        }
    });
    let expected = UserName::read(input);
    assert_eq!(result, expected.as_ref().map(|_| ()).map_err(Clone::clone));
    assert!(enqueued.eq(expected.iter().map(|UserName(name)| name.as_str())));

    let expected = Change::read(input);
    let user_id = expected.as_ref().ok().and_then(|change| UserId::try_from(change.user_id.clone()).ok());
    let world = World { every_code_belongs_to: user_id.clone(), ..World::default() };
    let result = now(reset_password2(&request, &world)).map_err(|error| error.to_string());
    let change = match expected {
        Ok(change) => change,
        Err(message) => {
            assert_eq!(result, Err(message));
            assert!(world.is_untouched());
            return;
        }
    };
    let password = NewPassword::new(&change.password);
    let accepted = settings.policy.check(&password, None).map_err(|violation| violation.to_string());
    let code = PendingCode::parse(&change.code).unwrap().digest();
    assert_eq!(*world.looked_up.borrow(), [code]);
    assert_eq!(*world.d1.borrow(), [user_id.unwrap()]);
    let hashed = world.hashed.borrow();
    let hashed = hashed.iter().map(NewPassword::expose);
    assert!(hashed.eq(accepted.iter().map(|()| password.expose())));
    assert_eq!(result, accepted);
}

/// The payload of `ResetPassword`.
struct UserName(String);

impl UserName {
    fn read(input: &[u8]) -> Result<Self, String> {
        let members = members(input, &["UserName"])?;
        string(&members, "UserName").map(Self)
    }
}

/// The payload of `ResetPassword2`.
struct Change {
    user_id: String,
    password: String,
    code: String,
}

impl Change {
    fn read(input: &[u8]) -> Result<Self, String> {
        let members = members(input, &["UserId", "Password", "PendingCode"])?;
        let user_id = match json::values(&members, "UserId")[..] {
            [number] if number.integer().is_some() => number.integer().unwrap_or_default().to_string(),
            [] | [Json::Text(_)] => string(&members, "UserId")?,
            _ => return Err("UserId must be a string or an integer of at most 64 bits.".to_owned()),
        };
        let password = string(&members, "Password")?;
        let code = string(&members, "PendingCode")?;
        if guid::digits(&code).is_none() {
            return Err(
                "PendingCode must be a GUID: 32 hexadecimal digits, with or without hyphens and braces."
                    .to_owned(),
            );
        }
        Ok(Self { user_id, password, code })
    }
}

/// Returns the members of an object, in which none of `keys` repeats.
pub(super) fn members(input: &[u8], keys: &[&str]) -> Result<Vec<(String, Json)>, String> {
    let members = Json::parse(input).and_then(Json::members).ok_or(NOT_AN_OBJECT)?;
    // The key that was repeated last is named.
    let mut seen = Vec::new();
    let mut repeated = None;
    for (name, _) in &members {
        if let Some(key) = keys.iter().find(|key| name.eq_ignore_ascii_case(key)) {
            if seen.contains(&key) {
                repeated = Some(format!("{key} occurs more than once. Send it once."));
            }
            seen.push(key);
        }
    }
    repeated.map_or(Ok(members), Err)
}

/// Returns a member that is a string.
pub(super) fn string(members: &[(String, Json)], key: &str) -> Result<String, String> {
    match json::values(members, key).first() {
        None => Err(format!("{key} is missing.")),
        Some(Json::Text(text)) if text.is_empty() => Err(format!("{key} must not be empty.")),
        Some(Json::Text(text)) if text.contains('\0') => {
            Err(format!("{key} must not contain the character NUL (U+0000)."))
        }
        Some(Json::Text(text)) => Ok(text.clone()),
        Some(_) => Err(format!("{key} must be a string.")),
    }
}
