//! Users, strangers, and the exchange. They act on the Worker over HTTP, through the real gateway.

use std::rc::Rc;

use ::http::{Request, Response};
use reset_password2::{
    gateway::handle,
    pending_code::{CodeDigest, PendingCode, PendingCodeRecord},
    unix_millis::UnixMillis,
    user_id::UserId,
};
use serde_json::json;
use uuid::Uuid;

use crate::{breaches::BREACHED, kv::LOCATIONS, locks, oracle::Arrived, ports::Isolate, world::World};

/// The address of several users.
const SHARED_ADDRESS: &str = "family@example.com";

/// The users of the exchange: "1" to "4".
pub(crate) const USERS: u64 = 4;

/// Returns the address with which a user is created.
pub(crate) fn address_of(user_id: &str) -> String {
    format!("user{user_id}@example.com")
}

/// The spellings of each user's name. The first is stored; the user is found by all of them.
const NAMES: [[&str; 3]; 4] = [
    ["name1", "NAME1", " Name1 "],
    ["Ünal", "ünal", "U\u{308}NAL"],
    ["ΟΔΟΣ", "οδος", "Οδοσ"],
    ["josé ", "JOSÉ", "Jose\u{301}"],
];

fn names_of(user_id: &str) -> [&'static str; 3] {
    NAMES[user_id.parse::<usize>().unwrap() - 1]
}

/// Returns the id of the user who has this name in one of its spellings. A former e-mail address is nobody's name.
pub(crate) fn user_named(name: &str) -> Option<String> {
    Some((NAMES.iter().position(|names| names.contains(&name))? + 1).to_string())
}

/// Creates the users.
pub(crate) fn create_users(world: &World) {
    for user in 1..=USERS {
        create_user(world, &user.to_string());
    }
}

fn create_user(world: &World, user_id: &str) {
    world.database.borrow().execute(&format!(
        "INSERT INTO users (user_id, user_name, email) VALUES ('{user_id}', '{}', '{}');
         INSERT OR IGNORE INTO user_permissions VALUES ('{user_id}', 'Trading')",
        names_of(user_id)[0],
        address_of(user_id)
    ));
}

/// Makes a call, and returns its outcome. The response may be lost.
pub(crate) async fn call(world: &Rc<World>, name: &str, payload: String, location: u64) -> Option<String> {
    let address = format!("203.0.113.{}", world.executor.pick(1..200));
    call_from(world, name, payload, location, &address).await
}

async fn call_from(
    world: &Rc<World>,
    name: &str,
    payload: String,
    location: u64,
    address: &str,
) -> Option<String> {
    let request = Request::post(format!("https://reset.example/AP/{name}"))
        .header("cf-connecting-ip", address)
        .body(payload.clone())
        .unwrap();
    let received: Rc<std::cell::RefCell<Option<Response<String>>>> = Rc::default();
    let isolate = Rc::new(Isolate::new(world, location));
    let (in_world, in_isolate, to_client) = (Rc::clone(world), Rc::clone(&isolate), Rc::clone(&received));
    let (secret, is_reset) = (payload, name == "ResetPassword2");
    let settings = Ok(world.settings.clone());
    let (is_lock, began_at) = (name == "LockAccount", world.now());
    world.executor.spawn_mortal(async move {
        let response = handle(request, &settings, &*in_isolate).await;
        let outcome = response.headers()["x-outcome"].to_str().unwrap().to_owned();
        let attempts = in_isolate.attempts.borrow().clone();
        in_world.log(|| format!("location {location} responds {outcome} {attempts:?}"));
        if is_reset {
            check_response(&in_world, &in_isolate, &outcome, &secret, response.body());
            in_world.oracle.borrow_mut().responded(&attempts, &outcome);
        } else if is_lock {
            let payload: serde_json::Value = serde_json::from_str(&secret).unwrap();
            let user_id = payload["UserId"].as_str().unwrap();
            locks::check_response(&in_world, &attempts, &outcome, user_id, began_at);
        }
        *to_client.borrow_mut() = Some(response);
    });
    // The client waits for a minute.
    for _ in 0..240 {
        world.executor.sleep(250).await;
        if let Some(response) = received.borrow().as_ref() {
            return Some(response.headers()["x-outcome"].to_str().unwrap().to_owned());
        }
    }
    None
}

/// Checks what a call did, and what its response says.
fn check_response(world: &World, isolate: &Isolate, outcome: &str, payload: &str, body: &str) {
    let used = isolate.used.borrow();
    let mut oracle = world.oracle.borrow_mut();
    let looked_up = used.iter().position(|port| *port == "kv.get");
    let is_stranger = !used.contains(&"code limit");
    if is_stranger && used.iter().any(|port| !["limit", "kv.get"].contains(port)) {
        oracle.breaks(format!("a stranger caused {used:?}"));
    }
    if used.contains(&"hash") && looked_up.is_none() {
        oracle.breaks("a hash without a lookup".to_owned());
    }
    let payload: serde_json::Value = serde_json::from_str(payload).unwrap();
    for secret in ["Password", "PendingCode"] {
        if body.contains(payload[secret].as_str().unwrap()) {
            oracle.breaks(format!("a response contains {secret}"));
        }
    }
    let is_known = payload["Password"] == BREACHED && !used.contains(&"breach check failed");
    if outcome == "done" && is_known || outcome == "password_breached" && !is_known {
        oracle.breaks(format!("{outcome} for {}", payload["Password"]));
    }
    match outcome {
        "done" => world.coverage.sometimes("a password was changed"),
        "not_authorized" => world.coverage.sometimes("a code was refused"),
        "password_breached" => world.coverage.sometimes("a breached password was rejected"),
        "password_too_short" => world.coverage.sometimes("a password was rejected"),
        "unclear" => {
            world.coverage.sometimes("an outcome was unclear");
            for attempt in isolate.attempts.borrow().iter() {
                world.coverage.sometimes(if oracle.commits.contains_key(attempt) {
                    "an unclear attempt had committed"
                } else {
                    "an unclear attempt had not committed"
                });
            }
        }
        _ => {}
    }
}

/// Requests a link. Returns the outcome.
pub(crate) async fn request_link(world: &Rc<World>, user_id: &str) -> Option<String> {
    world.log(|| format!("a link for {user_id} is requested"));
    let spelling = usize::try_from(world.executor.pick(0..3)).unwrap();
    let mut name = names_of(user_id)[spelling].to_owned();
    if let Some(address) = address_on_file(world, user_id)
        // A family whose members all ask by their address.
        && world.executor.chance(if address == SHARED_ADDRESS { 800 } else { 250 })
    {
        name = if world.executor.chance(500) { address.to_uppercase() } else { address };
    }
    let payload = json!({"UserName": name}).to_string();
    call(world, "ResetPassword", payload, world.executor.pick(0..LOCATIONS)).await
}

fn address_on_file(world: &World, user_id: &str) -> Option<String> {
    let row = world.database.borrow().row("SELECT email FROM users WHERE user_id = ?1", user_id);
    row.and_then(|row| row[0].as_str().map(str::to_owned))
}

/// Uses a code. Returns the outcome.
pub(crate) async fn use_code(world: &Rc<World>, user_id: &str, code: &str, password: &str) -> Option<String> {
    let location = world.executor.pick(0..LOCATIONS);
    world.log(|| format!("a code of {user_id} is used at {location}"));
    let payload = json!({"UserId": user_id, "Password": password, "PendingCode": code}).to_string();
    call(world, "ResetPassword2", payload, location).await
}

pub(crate) fn password(world: &World) -> String {
    if world.executor.chance(50) {
        return BREACHED.to_owned();
    }
    format!("four words that fit {}", world.executor.pick(0..1_000_000))
}

/// Returns a mail in a user's mailbox: usually the newest.
pub(crate) fn open_mail(world: &World, user_id: &str) -> Option<Arrived> {
    let oracle = world.oracle.borrow();
    let mails = oracle.mailbox.get(user_id)?;
    let back = if world.executor.chance(800) { 0 } else { world.executor.pick(0..3) };
    mails.iter().rev().nth(usize::try_from(back).unwrap()).cloned()
}

/// A user, who forgets the password again and again.
pub(crate) async fn user(world: Rc<World>, user_id: String) {
    let executor = Rc::clone(&world.executor);
    while !world.is_over.get() {
        executor.sleep(executor.pick(0..3 * 3_600_000)).await;
        request_link(&world, &user_id).await;
        for _ in 0..executor.pick(1..6) {
            executor.sleep(executor.pick(1_000..200_000)).await;
            let Some(mail) = open_mail(&world, &user_id) else { continue };
            match executor.pick(0..10) {
                0 => {
                    use_code(&world, &user_id, &mail.code, "sh0rt-pw").await;
                }
                // Two devices, or an impatient user.
                1 | 2 => {
                    for _ in 0..executor.pick(2..4) {
                        let (world, user_id, code) = (Rc::clone(&world), user_id.clone(), mail.code.clone());
                        executor.spawn(async move {
                            world.executor.sleep(world.executor.pick(0..300)).await;
                            use_code(&world, &user_id, &code, &password(&world)).await;
                        });
                    }
                }
                3 => {
                    request_link(&world, &user_id).await;
                }
                _ => {
                    if executor.chance(150) {
                        issue_code(&world, &user_id);
                    }
                    let outcome = use_code(&world, &user_id, &mail.code, &password(&world)).await;
                    if outcome.as_deref() == Some("done") && executor.chance(700) {
                        break;
                    }
                    // Mistyped, and now wants another one at once.
                    request_link(&world, &user_id).await;
                    executor.sleep(executor.pick(1_000..20_000)).await;
                    if let Some(mail) = open_mail(&world, &user_id) {
                        use_code(&world, &user_id, &mail.code, &password(&world)).await;
                    }
                }
            }
        }
    }
}

/// A stranger who knows user names, and has seen old codes.
pub(crate) async fn stranger(world: Rc<World>) {
    let executor = Rc::clone(&world.executor);
    while !world.is_over.get() {
        executor.sleep(executor.pick(0..1_800_000)).await;
        let user_id = executor.pick(1..USERS + 1).to_string();
        match executor.pick(0..12) {
            // Floods the Worker from one address, with one code.
            11 => {
                let Some(mail) = open_mail(&world, &user_id) else { continue };
                let payload =
                    json!({"UserId": user_id, "Password": "sh0rt-pw", "PendingCode": mail.code}).to_string();
                for _ in 0..executor.pick(5..90) {
                    call_from(&world, "ResetPassword2", payload.clone(), 0, "203.0.113.250").await;
                }
            }
            // Requests links at the worst moments, many in a row.
            0..=5 => {
                for _ in 0..executor.pick(1..12) {
                    request_link(&world, &user_id).await;
                    world.coverage.sometimes("a stranger caused a mail");
                    executor.sleep(executor.pick(0..90_000)).await;
                }
            }
            6 | 7 => {
                let guess = Uuid::from_u128(u128::from(executor.pick(0..u64::MAX))).to_string();
                use_code(&world, &user_id, &guess, &password(&world)).await;
            }
            // Replays a used code, or races with its owner.
            _ => {
                let Some(mail) = open_mail(&world, &user_id) else { continue };
                let other = executor.pick(1..USERS + 1).to_string();
                let user_id = if executor.chance(300) { other } else { user_id };
                for _ in 0..executor.pick(1..14) {
                    use_code(&world, &user_id, &mail.code, &password(&world)).await;
                }
            }
        }
    }
}

/// Whether a reset was committed whose notice hasn't been sent.
fn waits_for_notice(world: &World, user_id: &str) -> bool {
    world.oracle.borrow().commits.values().any(|commit| commit.user_id == user_id && commit.notices == 0)
}

/// Voids the codes of a user, as examples/support-desk does.
pub(crate) fn void_codes(world: &World, user_id: &str) {
    world.tick_d1();
    world.log(|| format!("the exchange voids the codes of {user_id}"));
    world.oracle.borrow_mut().voided_at.insert(user_id.to_owned(), world.now());
    world.database.borrow().execute(&format!(
        "UPDATE users SET codes_valid_from = max(codes_valid_from + 2, (SELECT now FROM clock) + 60002)
         WHERE user_id = '{user_id}'"
    ));
}

/// The exchange, which issues codes of its own and changes its users.
pub(crate) async fn exchange(world: Rc<World>) {
    let executor = Rc::clone(&world.executor);
    while !world.is_over.get() {
        executor.sleep(executor.pick(0..2 * 3_600_000)).await;
        let user_id = executor.pick(1..USERS + 1).to_string();
        match executor.pick(0..10) {
            0 | 1 => issue_code(&world, &user_id),
            2 => {
                // Requests that may still be on their way.
                for _ in 0..executor.pick(0..4) {
                    request_link(&world, &user_id).await;
                }
                executor.sleep(executor.pick(0..20_000)).await;
                // Perhaps between a commit and its notice.
                let patience = if executor.chance(500) { executor.pick(0..600) } else { 0 };
                for _ in 0..patience {
                    if waits_for_notice(&world, &user_id) {
                        break;
                    }
                    executor.sleep(1_000).await;
                }
                let shares_address = executor.chance(600);
                let address = if shares_address {
                    SHARED_ADDRESS.to_owned()
                } else {
                    format!("other{}@example.com", executor.pick(0..u64::MAX))
                };
                if address_on_file(&world, &user_id).is_some_and(|current| current == address) {
                    continue;
                }
                world.log(|| format!("the exchange changes the address of {user_id} to {address}"));
                if waits_for_notice(&world, &user_id) {
                    world.coverage.sometimes("an address was changed between a commit and its notice");
                }
                world.tick_d1();
                let sql = format!("UPDATE users SET email = '{address}' WHERE user_id = '{user_id}'");
                world.database.borrow().execute(&sql);
                // A thief reads the former mailbox.
                if let Some(mail) = open_mail(&world, &user_id) {
                    let (thief, user_id) = (Rc::clone(&world), user_id.clone());
                    executor.spawn(async move {
                        let outcome = use_code(&thief, &user_id, &mail.code, &password(&thief)).await;
                        if outcome.as_deref() == Some("done") {
                            let message =
                                format!("a thief used a link from a former mailbox of user {user_id}");
                            thief.oracle.borrow_mut().breaks(message);
                        }
                    });
                }
                // The user reads another mailbox from now on, and earlier requests are settled.
                let mut oracle = world.oracle.borrow_mut();
                oracle.mailbox.remove(&user_id);
                oracle.address_changed_at.insert(user_id.clone(), world.now());
                oracle.voided_at.insert(user_id, world.now());
            }
            3 => {
                let sql = format!("DELETE FROM user_permissions WHERE user_id = '{user_id}'");
                world.database.borrow().execute(&sql);
                executor.sleep(executor.pick(0..600_000)).await;
                let sql = format!("INSERT OR IGNORE INTO user_permissions VALUES ('{user_id}', 'Operator')");
                world.database.borrow().execute(&sql);
            }
            // A mailbox that is full for days.
            7 => {
                let address = address_of(&user_id);
                world.full.borrow_mut().insert(address.clone());
                executor.sleep(executor.pick(0..12 * 3_600_000)).await;
                world.full.borrow_mut().remove(&address);
            }
            4 => void_codes(&world, &user_id),
            5 => world.step_clock(executor.pick(0..LOCATIONS)),
            6 => {
                let address = address_of(&user_id);
                world.suppressed.borrow_mut().insert(address.clone());
                executor.sleep(executor.pick(0..600_000)).await;
                world.suppressed.borrow_mut().remove(&address);
            }
            _ => clean_up(&world),
        }
    }
}

/// An operator who takes permissions away, and gives them back a moment later.
pub(crate) async fn operator(world: Rc<World>) {
    let executor = Rc::clone(&world.executor);
    while !world.is_over.get() {
        executor.sleep(executor.pick(0..100_000)).await;
        if !world.faults.get() {
            continue;
        }
        let user_id = executor.pick(1..USERS + 1);
        let sql = format!("UPDATE user_permissions SET permission = 'Deposit' WHERE user_id = '{user_id}'");
        world.database.borrow().execute(&sql);
        executor.sleep(executor.pick(0..20_000)).await;
        let sql = format!(
            "UPDATE OR IGNORE user_permissions SET permission = 'Trading' WHERE user_id = '{user_id}'"
        );
        world.database.borrow().execute(&sql);
    }
}

/// Issues a code as docs/issuing-codes.md says, by a clock that may be up to a minute ahead. Its user uses it at some time.
fn issue_code(world: &Rc<World>, user_id: &str) {
    let executor = &world.executor;
    let ahead = executor.pick(0..60_000);
    let guid = Uuid::from_u128(
        u128::from(executor.pick(0..u64::MAX)) << 64 | u128::from(executor.pick(0..u64::MAX)),
    );
    let cut_off =
        world.database.borrow().row("SELECT codes_valid_from FROM users WHERE user_id = ?1", user_id);
    let Some(cut_off) = cut_off.and_then(|row| row[0].as_u64()) else { return };
    let issued_at = (world.now() + ahead).max(cut_off);
    let millis = |millis| UnixMillis::try_from(millis).unwrap();
    let record = PendingCodeRecord {
        user_id: UserId::try_from(user_id.to_owned()).unwrap(),
        user_name: None,
        issued_at: millis(issued_at),
        expires_at: millis(world.now() + 3_600_000),
    };
    let digest: CodeDigest = PendingCode::from(guid).digest();
    let value = (serde_json::to_string(&record).unwrap(), record.expires_at.as_u64());
    let propagation = executor.pick(0..90_000);
    let location = executor.pick(0..LOCATIONS);
    world.kv.borrow_mut().write(location, &digest.kv_key(), Some(value), world.now(), propagation);
    let issued = world.now();
    let (world, user_id) = (Rc::clone(world), user_id.to_owned());
    executor.spawn(async move {
        world.executor.sleep(world.executor.pick(0..3_600_000)).await;
        let outcome = use_code(&world, &user_id, &guid.to_string(), &password(&world)).await;
        // A reset, or a newer mail, since the code was issued must have voided it, whatever its issuer's clock said.
        let mut oracle = world.oracle.borrow_mut();
        let changed = oracle.changed_at.get(&user_id).copied().unwrap_or_default();
        let own = outcome.as_deref() == Some("done");
        let since = oracle.commits.values().filter(|commit| commit.user_id == user_id).count();
        if own && changed > issued && since > 1 {
            let earlier = oracle.second_last_change(&user_id);
            if earlier.is_some_and(|earlier| earlier > issued + 100) {
                oracle.breaks(format!("a code of {user_id} from before a reset was redeemed"));
            }
        }
    });
}

/// The nightly clean-up, one batch of each table.
fn clean_up(world: &World) {
    world.tick_d1();
    for statement in reset_password2::sql::clean_up::clean_up(400) {
        world.database.borrow().try_batch([statement]).unwrap();
    }
}
