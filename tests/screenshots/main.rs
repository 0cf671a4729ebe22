//! Pictures to look at. `make screenshots` takes one of every state of the pages and of every e-mail; `make readme-images`
//! takes those in the README.

use std::{
    env, fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use reset_password2::{
    brand::Brand,
    color::Color,
    device::DeviceFamily,
    languages::Language,
    mail::{
        Letterhead, LockLink, LockedMail, Mail, NoticeMail, Phrase, ResetMail, render_locked_mail,
        render_notice_mail, render_reset_mail,
    },
    unix_millis::UnixMillis,
};
use test_support::{
    browser::Browser,
    page_state::{self, State},
    paths::root,
    process::tool,
};

/// A name for a file, and the width of the screen in CSS pixels.
const SCREENS: [(&str, u32); 2] = [("phone", 390), ("desktop", 1280)];

const SCHEMES: [(&str, bool); 2] = [("light", false), ("dark", true)];

/// The width of the screen for the images in the README, in CSS pixels, and how many pixels of the image each has.
const README_SCREEN: (u32, f64) = (500, 2.0);

/// An image larger than this makes the README slow to open.
const MAX_README_IMAGE_BYTES: u64 = 100_000;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    if env::args().any(|argument| argument == "readme") {
        readme_images(&root().join("docs/images")).await;
    } else {
        let folder = root().join("target/screenshots");
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        every_page(&folder).await;
        every_mail(&folder).await;
        println!("{}", folder.display());
    }
}

async fn every_page(folder: &Path) {
    let worker = page_state::start_branded_worker("screenshots");
    for language in [Language::English, Language::Arabic] {
        let browser = Browser::open_in(language).await;
        for state in page_state::ALL {
            state.reach(&worker, &browser).await;
            for (screen, width) in SCREENS {
                let name = format!("page-{}-{}-{screen}", state.name(), language.tag());
                take(&browser, &folder.join(name), width).await;
            }
        }
    }
}

async fn every_mail(folder: &Path) {
    let browser = Browser::open().await;
    for language in Language::ALL {
        for (name, mail) in [
            ("reset", reset_mail(language)),
            ("changed", notice(language)),
            ("locked", locked_mail(language)),
        ] {
            let name = format!("mail-{name}-{}", language.tag());
            open_mail(&browser, &mail, &folder.join(&name).with_extension("html")).await;
            for (screen, width) in SCREENS {
                take(&browser, &folder.join(format!("{name}-{screen}")), width).await;
            }
        }
    }
}

/// Takes pictures of an e-mail and of the page that it links to, of the same size.
async fn readme_images(folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    let (width, scale) = README_SCREEN;
    let browser = Browser::open().await;
    browser.set_screen((width, 1)).await;
    open_mail(&browser, &reset_mail(Language::English), &env::temp_dir().join("readme-mail.html")).await;
    browser.set_screen_with((width, page_height(&browser).await), scale).await;
    take_for_readme(&browser, folder, "mail").await;
    State::Link.reach(&page_state::start_branded_worker("screenshots"), &browser).await;
    take_for_readme(&browser, folder, "page").await;
}

async fn take_for_readme(browser: &Browser, folder: &Path, name: &str) {
    for (scheme, dark) in SCHEMES {
        browser.set_dark(dark).await;
        let picture = browser.client.screenshot().await.unwrap();
        write_with_palette(&picture, &folder.join(format!("{name}-{scheme}.png")));
    }
}

/// Writes a picture with a palette of 256 colors, which makes it a third as large.
fn write_with_palette(picture: &[u8], path: &Path) {
    const SCRIPT: &str = "require('sharp')(process.argv[1]).png({palette: true}).toFile(process.argv[2])";
    let original = env::temp_dir().join("readme.png");
    fs::write(&original, picture).unwrap();
    let status = tool("node").args(["-e", SCRIPT]).arg(original).arg(path).status().unwrap();
    assert!(status.success());
    let bytes = fs::metadata(path).unwrap().len();
    assert!(bytes <= MAX_README_IMAGE_BYTES, "{}: {bytes} bytes", path.display());
}

/// Takes pictures of the whole page on a screen of this width, in both color schemes.
async fn take(browser: &Browser, path: &Path, width: u32) {
    browser.set_screen((width, 640)).await;
    browser.set_screen((width, page_height(browser).await)).await;
    for (scheme, dark) in SCHEMES {
        browser.set_dark(dark).await;
        let picture = browser.client.screenshot().await.unwrap();
        fs::write(PathBuf::from(format!("{}-{scheme}.png", path.display())), picture).unwrap();
    }
}

async fn page_height(browser: &Browser) -> u32 {
    let height = browser.js("return document.documentElement.scrollHeight").await;
    u32::try_from(height.as_u64().unwrap()).unwrap()
}

/// Shows an e-mail as a mail client does that supports everything.
async fn open_mail(browser: &Browser, mail: &Mail, file: &Path) {
    fs::write(file, &mail.html).unwrap();
    browser.goto(&format!("file://{}", file.display())).await;
}

const CODE: &str = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";

/// An exchange with a color and a name of its own.
fn letterhead() -> Letterhead<'static> {
    static BRAND: LazyLock<Brand> = LazyLock::new(|| Brand {
        exchange_name: "Northwind".to_owned(),
        support_url: Some("https://help.northwind.example/".to_owned()),
        color: Color::parse("#0b7a75"),
    });
    static PHRASE: LazyLock<Phrase> = LazyLock::new(|| "a heron on the roof".to_owned().into());
    Letterhead { brand: &BRAND, user_name: Some("alice"), phrase: Some(&PHRASE) }
}

fn reset_mail(language: Language) -> Mail {
    let link = format!("https://reset.exchange.example/resetPassword#UserId=5&PendingCode={CODE}");
    let mail =
        ResetMail { link: &link, code: CODE, user_id: "5", lifetime_minutes: 30, letterhead: letterhead() };
    render_reset_mail(language, &mail)
}

fn notice(language: Language) -> Mail {
    let link = format!("https://reset.exchange.example/lockAccount#UserId=5&LockCode={CODE}");
    let mail = NoticeMail {
        at: UnixMillis::try_from(1_795_521_600_000_u64).unwrap(),
        country: Some("DE"),
        device: DeviceFamily::of_user_agent("Mozilla/5.0 (iPhone)"),
        withdrawals_held_until: UnixMillis::try_from(1_795_608_000_000_u64).ok(),
        letterhead: letterhead(),
        lock: Some(LockLink { link: &link, code: CODE, user_id: "5" }),
        forgot_password_url: "https://reset.exchange.example/forgotPassword",
    };
    render_notice_mail(language, &mail)
}

fn locked_mail(language: Language) -> Mail {
    let at = UnixMillis::try_from(1_795_608_000_000_u64).ok();
    render_locked_mail(language, &LockedMail { at, letterhead: letterhead() })
}
