//! The schema: what the contract says about it, and what the previous version needs of it.

use crate::mails::Mails;

const STATEMENTS_OF_VERSION_0_1_0: u32 = 13;

/// docs/contract.md, section 5.
#[test]
fn the_contract_names_every_column_that_an_exchange_may_use() {
    let mails = Mails::new();
    for table in ["users", "user_permissions", "redeemed_codes"] {
        let row = include_str!("../../docs/contract.md")
            .lines()
            .find(|line| line.starts_with(&format!("| `{table}` |")));
        let columns = mails.database.columns(table);
        assert!(columns.len() > 1, "{table}");
        for column in columns {
            assert!(row.unwrap().contains(&format!("`{column}`")), "{table}.{column}");
        }
    }
}

#[test]
fn the_statements_of_the_previous_version_run_on_the_newest_schema() {
    let mails = Mails::new();
    let statements = include_str!("version_0_1_0.sql").split(';').filter(|sql| !sql.trim().is_empty());
    let mut count = 0;
    for statement in statements {
        mails.database.prepare(statement);
        count += 1;
    }
    assert_eq!(count, STATEMENTS_OF_VERSION_0_1_0);
}
