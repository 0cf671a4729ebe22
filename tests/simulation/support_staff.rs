//! The exchange's support: it locks users, excludes them from resets, holds withdrawals, and changes phrases.

use std::rc::Rc;

use crate::{
    actors::{USERS, open_mail, password, use_code},
    locks::unlock,
    world::World,
};

/// What keeps a user from resetting the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Restriction {
    Lock,
    OptOut,
}

impl Restriction {
    fn sql(self, begins: bool) -> &'static str {
        match (self, begins) {
            (Self::Lock, true) => "locked_at = (SELECT now FROM clock)",
            (Self::Lock, false) => "locked_at = NULL",
            (Self::OptOut, true) => "resets_allowed = 0",
            (Self::OptOut, false) => "resets_allowed = 1",
        }
    }
}

/// Support. It restricts nobody while it is checked that no user is locked out.
pub(crate) async fn support(world: Rc<World>) {
    let executor = Rc::clone(&world.executor);
    while !world.is_over.get() {
        executor.sleep(executor.pick(0..600_000)).await;
        let user_id = executor.pick(1..USERS + 1).to_string();
        let restriction = if executor.chance(600) { Restriction::Lock } else { Restriction::OptOut };
        match executor.pick(0..10) {
            // Just when somebody uses a code: a thief, whose victim calls support.
            0..=5 => {
                let Some(mail) = open_mail(&world, &user_id) else { continue };
                let (thief, victim) = (Rc::clone(&world), user_id.clone());
                executor.spawn(async move {
                    use_code(&thief, &victim, &mail.code, &password(&thief)).await;
                });
                executor.sleep(executor.pick(0..250)).await;
                restrict(&world, &user_id, restriction, executor.pick(1..20_000)).await;
            }
            6 => restrict(&world, &user_id, restriction, executor.pick(0..2 * 3_600_000)).await,
            7 => hold_withdrawals(&world, &user_id),
            _ => change_phrase(&world, &user_id),
        }
    }
}

async fn restrict(world: &Rc<World>, user_id: &str, restriction: Restriction, millis: u64) {
    if !world.faults.get() {
        return;
    }
    for begins in [true, false] {
        world.tick_d1();
        world.log(|| {
            format!("support: {restriction:?} of {user_id} {}", if begins { "begins" } else { "ends" })
        });
        if restriction == Restriction::Lock && !begins {
            unlock(world, user_id);
            return;
        }
        let sql = format!("UPDATE users SET {} WHERE user_id = '{user_id}'", restriction.sql(begins));
        world.database.borrow().execute(&sql);
        world.oracle.borrow_mut().restricted(user_id, restriction, begins);
        if begins {
            world.executor.sleep(millis).await;
        }
    }
}

/// Holds withdrawals for longer than a reset does.
fn hold_withdrawals(world: &World, user_id: &str) {
    let until = world.now() + world.executor.pick(24..100) * 3_600_000;
    world.log(|| format!("support holds the withdrawals of {user_id} until {until}"));
    world.database.borrow().execute(&format!(
        "UPDATE users SET withdrawals_held_until = max(withdrawals_held_until, {until}) WHERE user_id = '{user_id}'"
    ));
}

fn change_phrase(world: &World, user_id: &str) {
    let number = world.executor.pick(0..1_000_000);
    let phrase = world.executor.chance(800).then(|| format!("a phrase of {user_id} {number}"));
    world.log(|| format!("the phrase of {user_id} is {phrase:?}"));
    let value = phrase.as_ref().map_or("NULL".to_owned(), |phrase| format!("'{phrase}'"));
    let sql = format!("UPDATE users SET mail_phrase = {value} WHERE user_id = '{user_id}'");
    world.database.borrow().execute(&sql);
    world.oracle.borrow_mut().phrases.entry(user_id.to_owned()).or_default().push((world.now(), phrase));
}
