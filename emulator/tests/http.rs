//! The server, over real connections.

#![cfg(feature = "http")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use browser_use_skills_emulator::Emulator;
use browser_use_skills_emulator::http::serve;
use browser_use_skills_emulator::settings::Settings;

/// Starts a server on a free port.
fn start_server(settings: Settings) -> SocketAddr {
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

/// Returns the first id in a response.
fn id_in(response: &str) -> String {
    response.split("\"id\":\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

/// Sends a request. Returns everything received until the server closes the connection, or within a second.
fn send(server: SocketAddr, line: &str, headers: &[&str], body: &str) -> (String, Result<(), ErrorKind>) {
    let mut stream = TcpStream::connect(server).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
    let mut request = format!("{line} HTTP/1.1\r\nhost: {server}\r\nconnection: close\r\n");
    for header in headers {
        request += &format!("{header}\r\n");
    }
    request += &format!("content-length: {}\r\n\r\n{body}", body.len());
    stream.write_all(request.as_bytes()).unwrap();
    let mut response = Vec::new();
    let ending = stream.read_to_end(&mut response).map(|_| ()).map_err(|error| error.kind());
    (String::from_utf8_lossy(&response).into_owned(), ending)
}

fn get(server: SocketAddr, path: &str) -> (String, Result<(), ErrorKind>) {
    send(server, &format!("GET {path}"), &["x-browser-use-api-key: bu_test"], "")
}

fn fault(server: SocketAddr, fault: &str) {
    let (response, _) = send(server, "POST /__emulator/faults", &[], fault);
    assert!(response.starts_with("HTTP/1.1 204"), "{response}");
}

#[test]
fn an_execution_responds_and_its_output_can_be_downloaded() {
    let server = start_server(Settings { execution_ms: 20, ..Settings::default() });
    let (response, _) = get(server, "/api/v2/skills");
    assert!(response.starts_with("HTTP/1.1 200") && !response.contains("access-control"), "{response}");
    let id = id_in(&response);
    let headers = ["x-browser-use-api-key: bu_test", "content-type: application/json"];
    let began = Instant::now();
    let line = format!("POST /api/v2/skills/{id}/execute");
    let (response, _) = send(server, &line, &headers, r#"{"parameters":{"url":"https://example.com"}}"#);
    assert!(
        response.contains("\"success\":true") && began.elapsed() >= Duration::from_millis(20),
        "{response}"
    );
    let (response, _) = get(server, &format!("/api/v2/skills/{id}/executions"));
    let execution = id_in(&response);
    let (response, _) = get(server, &format!("/api/v2/skills/{id}/executions/{execution}/output"));
    let url = response.split("\"downloadUrl\":\"").nth(1).unwrap().split('"').next().unwrap();
    let path = url.strip_prefix(&format!("http://{server}")).unwrap();
    let (response, _) = send(server, &format!("GET {path}"), &["origin: https://page.example"], "");
    assert!(
        response.contains("\"links\"") && response.contains("access-control-allow-origin: *"),
        "{response}"
    );
}

#[test]
fn preflights_allow_only_supported_origins_methods_and_headers() {
    let server =
        start_server(Settings { origins: vec!["https://page.example".into()], ..Settings::default() });
    let preflight = |origin: &str, method: &str, names: &str| {
        let headers = [
            &*format!("origin: {origin}"),
            &*format!("access-control-request-method: {method}"),
            &*format!("access-control-request-headers: {names}"),
        ];
        send(server, "OPTIONS /api/v2/skills/some-id", &headers, "").0
    };
    let allowed = preflight("https://page.example", "PATCH", "content-type,x-browser-use-api-key");
    assert!(allowed.starts_with("HTTP/1.1 200"), "{allowed}");
    assert!(allowed.contains("access-control-allow-origin: https://page.example\r\n"), "{allowed}");
    assert!(allowed.contains("access-control-allow-methods: GET, PATCH, DELETE\r\n"), "{allowed}");
    assert!(allowed.contains("access-control-allow-headers: content-type, x-browser-use-api-key\r\n"));
    for (origin, method, names) in [
        ("https://page.example", "PATCH", "content-type,x-custom"),
        ("https://page.example", "POST", "content-type"),
        ("https://other.example", "PATCH", "content-type"),
    ] {
        let refused = preflight(origin, method, names);
        assert!(
            refused.starts_with("HTTP/1.1 400") && !refused.contains("access-control-allow"),
            "{refused}"
        );
        assert!(refused.contains("Disallowed CORS"), "{refused}");
    }
    let (response, _) = send(server, "GET /api/v2/marketplace/skills", &["origin: https://page.example"], "");
    assert!(response.contains("access-control-allow-origin: https://page.example\r\n"), "{response}");
    assert!(response.contains("vary: Origin\r\n") && !response.contains("access-control-expose-headers"));
    let (response, _) =
        send(server, "GET /api/v2/marketplace/skills", &["origin: https://other.example"], "");
    assert!(!response.contains("access-control-allow-origin"), "{response}");
}

#[test]
fn connection_faults_break_connections() {
    let server = start_server(Settings::default());
    let path = "/api/v2/skills";
    let (whole, _) = get(server, path);
    let length: usize =
        whole.split("content-length: ").nth(1).unwrap().split("\r\n").next().unwrap().parse().unwrap();
    let body_of = |response: &str| response.split("\r\n\r\n").nth(1).unwrap_or_default().len();
    fault(server, r#"{"kind":"drop"}"#);
    assert_eq!(get(server, path).0, "");
    fault(server, r#"{"kind":"dropBody"}"#);
    let (response, _) = get(server, path);
    assert!(response.contains(&format!("content-length: {length}\r\n")), "{response}");
    assert_eq!(body_of(&response), length / 2);
    fault(server, r#"{"kind":"stallBody"}"#);
    let (response, ending) = get(server, path);
    assert_eq!((body_of(&response), ending.is_err()), (length / 2, true));
    fault(server, r#"{"kind":"stallHeaders"}"#);
    let (response, ending) = get(server, path);
    assert!(response.is_empty() && ending.is_err());
    fault(server, r#"{"kind":"truncate"}"#);
    let (response, ending) = get(server, path);
    assert!(
        response.contains(&format!("content-length: {}\r\n", length / 2)) && ending.is_ok(),
        "{response}"
    );
    assert_eq!(get(server, path).0.len(), whole.len());
}

/// Sends a request on a connection that may stay open.
fn send_on(stream: &mut TcpStream, path: &str) -> String {
    write!(stream, "GET {path} HTTP/1.1\r\nhost: a\r\nx-browser-use-api-key: bu_test\r\n\r\n").unwrap();
    let mut response = String::new();
    let mut part = [0; 4096];
    loop {
        let (head, body) = response.split_once("\r\n\r\n").unwrap_or_default();
        let length = head.split("content-length: ").nth(1).and_then(|rest| rest.split("\r\n").next());
        if length.is_some_and(|length| body.len() >= length.parse().unwrap()) {
            return response;
        }
        let read = stream.read(&mut part).unwrap();
        assert!(read > 0, "closed after {response}");
        response += std::str::from_utf8(&part[..read]).unwrap();
    }
}

#[test]
fn connections_serve_one_request_while_a_fault_may_break_them() {
    let server = start_server(Settings::default());
    let path = "/api/v2/marketplace/skills?pageSize=1";
    let connect = || {
        let stream = TcpStream::connect(server).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        stream
    };
    let is_closed = |stream: &mut TcpStream| stream.read(&mut [0]).unwrap() == 0;
    let mut fresh = connect();
    let mut used = connect();
    for _ in 0..2 {
        assert!(!send_on(&mut used, path).contains("connection: close"));
    }
    fault(server, r#"{"kind":"drop","operation":"skills.get"}"#);
    assert!(is_closed(&mut used) && is_closed(&mut fresh));
    let mut used = connect();
    assert!(send_on(&mut used, path).contains("connection: close"));
    assert!(is_closed(&mut used));
    let (response, _) = send(server, "DELETE /__emulator/faults", &[], "");
    assert!(response.starts_with("HTTP/1.1 204"), "{response}");
    let mut used = connect();
    for _ in 0..2 {
        assert!(!send_on(&mut used, path).contains("connection: close"));
    }
}

#[test]
fn an_execution_continues_after_its_caller_disconnects() {
    let server = start_server(Settings { execution_ms: 300, ..Settings::default() });
    let (response, _) = get(server, "/api/v2/skills");
    let id = id_in(&response);
    let mut stream = TcpStream::connect(server).unwrap();
    let body = r#"{"parameters":{"url":"https://example.com"}}"#;
    write!(
        stream,
        "POST /api/v2/skills/{id}/execute HTTP/1.1\r\nhost: {server}\r\nx-browser-use-api-key: bu_test\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    std::thread::sleep(Duration::from_millis(50));
    drop(stream);
    std::thread::sleep(Duration::from_millis(400));
    let (response, _) = get(server, &format!("/api/v2/skills/{id}/executions"));
    assert!(response.contains("\"completed\"") && response.contains("\"totalItems\":1"), "{response}");
}
