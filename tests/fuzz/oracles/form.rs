//! The forms of the pages.

use http::{Request, Response, StatusCode};
use reset_password2::{
    calls::MAX_PAYLOAD_BYTES, gateway, message::Message, password::NewPassword, settings::Setting,
    user_id::UserId,
};

use super::{
    guid, settings,
    world::{World, now},
};

/// A form makes the call that a second parser, written from the URL standard, reads in it. What a refused form gets back in
/// its fields adds no HTML to the page.
pub fn form(input: &[u8]) {
    if input.len() > MAX_PAYLOAD_BYTES {
        return;
    }
    let fields = Fields::read(input);

    let world = World::default();
    let page = post("/forgotPassword", input, &world);
    let name = fields.one("UserName").filter(|name| is_accepted(name));
    let enqueued = world.enqueued.borrow();
    match (&enqueued[..], &name) {
        ([], None) => assert_refused(&page, "UserName", &fields),
        ([Message::ResetPassword { user_name, .. }], Some(name)) if user_name == name => {
            assert_eq!(page.status(), StatusCode::SEE_OTHER);
        }
        _ => panic!("{enqueued:?} instead of {name:?}"),
    }

    let read = || {
        let [user_id, password, code] = ["UserId", "Password", "PendingCode"].map(|name| fields.one(name));
        let (user_id, password, code) = (user_id?, password?, code?);
        let is_valid = [&user_id, &password, &code].iter().all(|text| is_accepted(text));
        (is_valid && guid::digits(&code).is_some()).then_some((user_id, password))
    };
    let expected = read();
    let user_id = expected.as_ref().and_then(|(user_id, _)| UserId::try_from(user_id.clone()).ok());
    let world = World { every_code_belongs_to: user_id.clone(), ..World::default() };
    let page = post("/resetPassword", input, &world);
    assert!(world.d1.borrow().iter().eq(&user_id));
    if let Some(hashed) = world.hashed.borrow().first() {
        let (_, password) = expected.unwrap();
        assert_eq!(hashed.expose(), NewPassword::new(&password).expose());
        assert_eq!(page.status(), StatusCode::SEE_OTHER);
    } else {
        assert_refused(&page, "UserId", &fields);
    }
}

fn is_accepted(text: &str) -> bool {
    !text.is_empty() && !text.contains('\0')
}

fn post(path: &str, body: &[u8], world: &World) -> Response<String> {
    let settings = settings::with(Setting::LoginUrl, "");
    let request = Request::post(path).body(body.to_owned()).unwrap();
    now(gateway::handle(request, &settings, world))
}

/// Checks that the page shows the form again, with what was sent, and with nothing from it outside the attribute.
fn assert_refused(page: &Response<String>, field: &str, fields: &Fields) {
    assert_eq!(page.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let attribute = page.body().split_once(&format!(" name=\"{field}\" value=\"")).expect("the form").1;
    let value = attribute.split('"').next().unwrap_or_default();
    assert!(!value.contains(['<', '>']), "{value}");
    let text = [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")]
        .into_iter()
        .fold(value.to_owned(), |text, (escape, character)| text.replace(escape, character));
    assert_eq!(text, fields.first(field).unwrap_or_default());
}

/// The fields of a form.
struct Fields(Vec<(String, String)>);

impl Fields {
    /// Parses `application/x-www-form-urlencoded` (URL standard, section 5.1). Values except the password are trimmed, and a
    /// form with a value that isn't UTF-8 has no fields.
    fn read(input: &[u8]) -> Self {
        let pairs = input.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty());
        let fields: Vec<_> = pairs
            .map(|pair| {
                let mut parts = pair.splitn(2, |byte| *byte == b'=');
                let name = decode(parts.next().unwrap_or_default());
                let value = decode(parts.next().unwrap_or_default());
                let is_password = name.eq_ignore_ascii_case("Password");
                let value = if is_password { value } else { value.trim().to_owned() };
                (name, value)
            })
            .collect();
        let is_utf8 = fields.iter().all(|(_, value)| !value.contains('\u{fffd}'));
        Self(if is_utf8 { fields } else { Vec::new() })
    }

    fn first(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Returns the value of a field that occurs once.
    fn one(&self, name: &str) -> Option<String> {
        let mut values = self.0.iter().filter(|(field, _)| field.eq_ignore_ascii_case(name));
        let first = values.next();
        first.filter(|_| values.next().is_none()).map(|(_, value)| value.clone())
    }
}

fn decode(text: &[u8]) -> String {
    let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let mut decoded = Vec::new();
    let mut index = 0;
    while let Some(byte) = text.get(index) {
        match (byte, digit(text.get(index + 1)), digit(text.get(index + 2))) {
            (b'%', Some(high), Some(low)) => {
                decoded.push(u8::try_from(high * 16 + low).unwrap());
                index += 2;
            }
            (b'+', ..) => decoded.push(b' '),
            _ => decoded.push(*byte),
        }
        index += 1;
    }
    String::from_utf8_lossy(&decoded).into_owned()
}
