//! The server, over real connections.

#![cfg(feature = "http")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use browser_use_skills_emulator::Emulator;
use browser_use_skills_emulator::http::serve;
use browser_use_skills_emulator::settings::Settings;

/// A server of its own for each test.
fn server(settings: Settings) -> SocketAddr {
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            sender.send(listener.local_addr().unwrap()).unwrap();
            serve(listener, Emulator::new(settings, 1_795_000_000_000)).await.unwrap();
        });
    });
    receiver.recv().unwrap()
}

/// The id that stands first in an answer.
fn id_in(answer: &str) -> String {
    answer.split("\"id\":\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

/// Everything that comes back until the server closes, or for a second.
fn send(address: SocketAddr, line: &str, headers: &[&str], body: &str) -> (String, Result<(), ErrorKind>) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
    let mut request = format!("{line} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n");
    for header in headers {
        request += &format!("{header}\r\n");
    }
    request += &format!("content-length: {}\r\n\r\n{body}", body.len());
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    let ending = stream.read_to_end(&mut answer).map(|_| ()).map_err(|error| error.kind());
    (String::from_utf8_lossy(&answer).into_owned(), ending)
}

fn get(address: SocketAddr, path: &str) -> (String, Result<(), ErrorKind>) {
    send(address, &format!("GET {path}"), &["x-browser-use-api-key: bu_test"], "")
}

fn fault(address: SocketAddr, fault: &str) {
    let (answer, _) = send(address, "POST /__emulator/faults", &[], fault);
    assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
}

#[test]
fn a_request_is_answered_and_its_output_can_be_fetched() {
    let address = server(Settings { execution_ms: 20, ..Settings::default() });
    let (answer, _) = get(address, "/api/v2/skills");
    assert!(answer.starts_with("HTTP/1.1 200") && !answer.contains("access-control"), "{answer}");
    let id = id_in(&answer);
    let headers = ["x-browser-use-api-key: bu_test", "content-type: application/json"];
    let began = Instant::now();
    let line = format!("POST /api/v2/skills/{id}/execute");
    let (answer, _) = send(address, &line, &headers, r#"{"parameters":{"url":"https://example.com"}}"#);
    assert!(answer.contains("\"success\":true") && began.elapsed() >= Duration::from_millis(20), "{answer}");
    let (answer, _) = get(address, &format!("/api/v2/skills/{id}/executions"));
    let execution = id_in(&answer);
    let (answer, _) = get(address, &format!("/api/v2/skills/{id}/executions/{execution}/output"));
    let url = answer.split("\"downloadUrl\":\"").nth(1).unwrap().split('"').next().unwrap();
    let path = url.strip_prefix(&format!("http://{address}")).unwrap();
    let (answer, _) = send(address, &format!("GET {path}"), &["origin: https://page.example"], "");
    assert!(answer.contains("\"links\"") && answer.contains("access-control-allow-origin: *"), "{answer}");
}

#[test]
fn a_preflight_is_answered_as_strictly_as_it_is_asked() {
    let address = server(Settings { origins: vec!["https://page.example".into()], ..Settings::default() });
    let ask = |origin: &str, method: &str, wanted: &str| {
        let headers = [
            &*format!("origin: {origin}"),
            &*format!("access-control-request-method: {method}"),
            &*format!("access-control-request-headers: {wanted}"),
        ];
        send(address, "OPTIONS /api/v2/skills/some-id", &headers, "").0
    };
    let allowed = ask("https://page.example", "PATCH", "content-type,x-browser-use-api-key");
    assert!(allowed.starts_with("HTTP/1.1 200"), "{allowed}");
    assert!(allowed.contains("access-control-allow-origin: https://page.example\r\n"), "{allowed}");
    assert!(allowed.contains("access-control-allow-methods: GET, PATCH, DELETE\r\n"), "{allowed}");
    assert!(allowed.contains("access-control-allow-headers: content-type, x-browser-use-api-key\r\n"));
    for (origin, method, wanted) in [
        ("https://page.example", "PATCH", "content-type,x-custom"),
        ("https://page.example", "POST", "content-type"),
        ("https://other.example", "PATCH", "content-type"),
    ] {
        let refused = ask(origin, method, wanted);
        assert!(
            refused.starts_with("HTTP/1.1 400") && !refused.contains("access-control-allow"),
            "{refused}"
        );
        assert!(refused.contains("Disallowed CORS"), "{refused}");
    }
    let (answer, _) = send(address, "GET /api/v2/marketplace/skills", &["origin: https://page.example"], "");
    assert!(answer.contains("access-control-allow-origin: https://page.example\r\n"), "{answer}");
    assert!(answer.contains("vary: Origin\r\n") && !answer.contains("access-control-expose-headers"));
    let (answer, _) = send(address, "GET /api/v2/marketplace/skills", &["origin: https://other.example"], "");
    assert!(!answer.contains("access-control-allow-origin"), "{answer}");
}

#[test]
fn connections_break_where_they_are_told_to() {
    let address = server(Settings::default());
    let path = "/api/v2/skills";
    let (whole, _) = get(address, path);
    let length: usize =
        whole.split("content-length: ").nth(1).unwrap().split("\r\n").next().unwrap().parse().unwrap();
    let body_of = |answer: &str| answer.split("\r\n\r\n").nth(1).unwrap_or_default().len();
    fault(address, r#"{"kind":"drop"}"#);
    assert_eq!(get(address, path).0, "");
    fault(address, r#"{"kind":"dropBody"}"#);
    let (answer, _) = get(address, path);
    assert!(answer.contains(&format!("content-length: {length}\r\n")), "{answer}");
    assert_eq!(body_of(&answer), length / 2);
    fault(address, r#"{"kind":"stallBody"}"#);
    let (answer, ending) = get(address, path);
    assert_eq!((body_of(&answer), ending.is_err()), (length / 2, true));
    fault(address, r#"{"kind":"stallHeaders"}"#);
    let (answer, ending) = get(address, path);
    assert!(answer.is_empty() && ending.is_err());
    fault(address, r#"{"kind":"truncate"}"#);
    let (answer, ending) = get(address, path);
    assert!(answer.contains(&format!("content-length: {}\r\n", length / 2)) && ending.is_ok(), "{answer}");
    assert_eq!(get(address, path).0.len(), whole.len());
}

/// One answer on a connection that may stay open.
fn ask(stream: &mut TcpStream, path: &str) -> String {
    write!(stream, "GET {path} HTTP/1.1\r\nhost: a\r\nx-browser-use-api-key: bu_test\r\n\r\n").unwrap();
    let mut answer = String::new();
    let mut part = [0; 4096];
    loop {
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
        let length = head.split("content-length: ").nth(1).and_then(|rest| rest.split("\r\n").next());
        if length.is_some_and(|length| body.len() >= length.parse().unwrap()) {
            return answer;
        }
        let read = stream.read(&mut part).unwrap();
        assert!(read > 0, "closed after {answer}");
        answer += std::str::from_utf8(&part[..read]).unwrap();
    }
}

#[test]
fn no_connection_serves_twice_while_a_fault_may_break_it() {
    let address = server(Settings::default());
    let path = "/api/v2/marketplace/skills?pageSize=1";
    let connect = || {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        stream
    };
    let is_closed = |stream: &mut TcpStream| stream.read(&mut [0]).unwrap() == 0;
    let mut fresh = connect();
    let mut used = connect();
    for _ in 0..2 {
        assert!(!ask(&mut used, path).contains("connection: close"));
    }
    fault(address, r#"{"kind":"drop","operation":"skills.get"}"#);
    assert!(is_closed(&mut used) && is_closed(&mut fresh));
    let mut used = connect();
    assert!(ask(&mut used, path).contains("connection: close"));
    assert!(is_closed(&mut used));
    let (answer, _) = send(address, "DELETE /__emulator/faults", &[], "");
    assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
    let mut used = connect();
    for _ in 0..2 {
        assert!(!ask(&mut used, path).contains("connection: close"));
    }
}

#[test]
fn an_execution_goes_on_when_its_caller_is_gone() {
    let address = server(Settings { execution_ms: 300, ..Settings::default() });
    let (answer, _) = get(address, "/api/v2/skills");
    let id = id_in(&answer);
    let mut stream = TcpStream::connect(address).unwrap();
    let body = r#"{"parameters":{"url":"https://example.com"}}"#;
    write!(
        stream,
        "POST /api/v2/skills/{id}/execute HTTP/1.1\r\nhost: {address}\r\nx-browser-use-api-key: bu_test\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    std::thread::sleep(Duration::from_millis(50));
    drop(stream);
    std::thread::sleep(Duration::from_millis(400));
    let (answer, _) = get(address, &format!("/api/v2/skills/{id}/executions"));
    assert!(answer.contains("\"completed\"") && answer.contains("\"totalItems\":1"), "{answer}");
}
