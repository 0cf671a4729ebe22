//! Runs `wrangler dev` between stand-ins for what it needs from outside: a service that knows breached passwords, and an exchange
//! that receives events. `make dev` runs this.
//!
//! The service knows one password, "words from a data breach". An event is printed as it arrives; a real receiver would verify its
//! signature first (docs/contract.md, section 7).

use std::{
    error::Error,
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    process::{Command, ExitCode},
    thread,
    time::Duration,
};

/// The SHA-1 of the breached password, in two parts: what a question contains, and the rest.
const BREACHED: (&str, &str) = ("DC958", "D4F84497DA837B2969561E1A8C2975F3E11:7\r\n");

/// An entry that stands for nothing, as in a padded response.
const PADDING: &str = "0018A45C4D1DEF81644B54AB7F969B88D65:0\r\n";

/// The secret that signs events. A real one is random.
const WEBHOOK_SECRET: &str = "whsec_b25seSBmb3IgeW91ciBvd24gbWFjaGluZSE=";

/// How long a client may take to send a request.
const TIMEOUT: Duration = Duration::from_secs(5);

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let breaches = serve(|request| {
        let listed = if request.path.ends_with(BREACHED.0) { BREACHED.1 } else { "" };
        Some([PADDING, listed].concat())
    })?;
    let events = serve(|request| {
        println!("\n[the exchange receives an event] {}\n", request.body);
        None
    })?;
    let status = Command::new("wrangler")
        .arg("dev")
        .args(["--var", &format!("BREACH_CHECK_URL:{breaches}/range/")])
        .args(["--var", &format!("WEBHOOK_URL:{events}/events")])
        .args(["--var", &format!("WEBHOOK_SECRET:{WEBHOOK_SECRET}")])
        .status()?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

struct Request {
    path: String,
    body: String,
}

/// Serves on a free port of this machine, and returns the URL. `respond` returns the body of a response, or `None` for one without.
fn serve(respond: impl Fn(&Request) -> Option<String> + Copy + Send + 'static) -> io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}", listener.local_addr()?);
    thread::spawn(move || {
        for socket in listener.incoming().flatten() {
            thread::spawn(move || respond_to(&socket, respond));
        }
    });
    Ok(url)
}

fn respond_to(mut socket: &TcpStream, respond: impl Fn(&Request) -> Option<String>) -> io::Result<()> {
    socket.set_read_timeout(Some(TIMEOUT))?;
    let request = read(socket)?;
    let response = match respond(&request) {
        Some(body) => {
            let head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close";
            format!("{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len())
        }
        None => "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n".to_owned(),
    };
    socket.write_all(response.as_bytes())
}

/// Reads a request.
fn read(socket: &TcpStream) -> io::Result<Request> {
    // Much more than wrangler's largest request.
    let mut reader = BufReader::new(socket.take(100_000));
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? <= 2 {
            break;
        }
        lines.push(line);
    }
    let header = |line: &String| {
        let (name, value) = line.split_once(':')?;
        if name.eq_ignore_ascii_case("content-length") { value.trim().parse().ok() } else { None }
    };
    let length: usize = lines.iter().find_map(header).unwrap_or_default();
    let mut body = vec![0; length.min(100_000)];
    reader.read_exact(&mut body)?;
    let path = lines.first().and_then(|line| line.split(' ').nth(1)).unwrap_or_default();
    Ok(Request { path: path.to_owned(), body: String::from_utf8_lossy(&body).into_owned() })
}
