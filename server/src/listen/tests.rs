use super::*;
use crate::client_address::TrustedProxies;
use axum::routing::{get, post};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::{sleep, timeout},
};

const TIME: Duration = Duration::from_secs(30);
const LONG: Duration = Duration::from_secs(3_600);
const SHORT: Duration = Duration::from_millis(100);
/// More than the kernel buffers for a peer that does not read.
const UNREAD_BYTES: usize = 64 * 1024 * 1024;

const LONG_TIMEOUTS: Timeouts = Timeouts {
    head: LONG,
    idle: LONG,
    body: LONG,
    write: LONG,
};
const GET: &str = "GET /peer HTTP/1.1\r\nHost: x\r\n\r\n";

struct TestListener {
    address: SocketAddr,
    stop: CancellationToken,
    serving: tokio::task::JoinHandle<()>,
}

/// A listener with a few connections allowed.
async fn start(timeouts: Timeouts) -> TestListener {
    start_with(timeouts, 50).await
}

async fn start_with(timeouts: Timeouts, max_connections: usize) -> TestListener {
    let routes = Router::new()
        .route("/echo", post(async |body: String| body))
        .route("/ignore", post(async || "not read"))
        .route("/large", get(async || vec![b'x'; UNREAD_BYTES]))
        .route(
            "/peer",
            get(async |ConnectInfo(peer): ConnectInfo<SocketAddr>| peer.to_string()),
        );
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, stop) = (listener.local_addr().unwrap(), CancellationToken::new());
    let caps = ConnectionCaps::new(max_connections, 50, TrustedProxies::default());
    let serving = tokio::spawn(serve(listener, routes, timeouts, caps, stop.clone()));
    TestListener { address, stop, serving }
}

async fn send(listener: &TestListener, bytes: &str) -> TcpStream {
    let mut stream = TcpStream::connect(listener.address).await.unwrap();
    stream.write_all(bytes.as_bytes()).await.unwrap();
    stream
}

/// All data until the server closes.
async fn read_to_end(mut stream: TcpStream) -> String {
    let mut received = String::new();
    timeout(TIME, stream.read_to_string(&mut received))
        .await
        .expect("the end of the connection")
        .unwrap();
    received
}

/// One answer on a connection that stays open, with the body that its `Content-Length` announces.
async fn read_answer(stream: &mut TcpStream) -> String {
    let mut received = String::new();
    while !is_whole(&received) {
        let mut bytes = [0; 4096];
        let read = timeout(TIME, stream.read(&mut bytes))
            .await
            .expect("an answer")
            .unwrap();
        assert!(read > 0, "{received}");
        received.push_str(std::str::from_utf8(&bytes[..read]).unwrap());
    }
    received
}

fn is_whole(answer: &str) -> bool {
    let Some((head, body)) = answer.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    length.is_none_or(|length| body.len() >= length.parse().unwrap())
}

/// Connects repeatedly until a connection is admitted.
async fn is_served_again(listener: &TestListener) {
    let served = async {
        loop {
            let mut stream = send(listener, GET).await;
            let mut start = [0; 12];
            if stream.read_exact(&mut start).await.is_ok() && &start == b"HTTP/1.1 200" {
                return;
            }
            sleep(SHORT).await;
        }
    };
    timeout(TIME, served).await.expect("a place for another connection");
}

#[tokio::test]
async fn an_incomplete_first_head_times_out() {
    let listener = start(Timeouts {
        head: SHORT,
        ..LONG_TIMEOUTS
    })
    .await;
    for part in ["", "G", "GET / HTTP/1.1\r\nHost: x\r\nX-Half: "] {
        let received = read_to_end(send(&listener, part).await).await;
        assert!(!received.contains("200 OK"), "{received}");
    }
}

#[tokio::test]
async fn an_idle_connection_times_out() {
    let listener = start(Timeouts {
        idle: SHORT,
        ..LONG_TIMEOUTS
    })
    .await;
    let received = read_to_end(send(&listener, GET).await).await;
    assert!(received.starts_with("HTTP/1.1 200 OK"), "{received}");
}

#[tokio::test]
async fn the_idle_timeout_is_independent_of_the_head_timeout() {
    let listener = start(Timeouts {
        head: SHORT,
        ..LONG_TIMEOUTS
    })
    .await;
    let mut stream = send(&listener, GET).await;
    read_answer(&mut stream).await;
    sleep(SHORT * 4).await;
    stream.write_all(GET.as_bytes()).await.unwrap();
    let answer = read_answer(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    // The next head has its own timeout, from its first byte.
    stream.write_all(b"GET /pe").await.unwrap();
    let received = read_to_end(stream).await;
    assert!(!received.contains("200 OK"), "{received}");
}

#[tokio::test]
async fn an_incomplete_body_is_answered_and_ends_the_connection() {
    let listener = start(Timeouts {
        body: SHORT,
        ..LONG_TIMEOUTS
    })
    .await;
    let head = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n";
    let received = read_to_end(send(&listener, &format!("{head}half")).await).await;
    assert!(received.starts_with("HTTP/1.1 400 "), "{received}");
    assert!(received.contains("connection: close"), "{received}");
}

#[tokio::test]
async fn a_slow_body_has_one_timeout_in_total() {
    let listener = start(Timeouts {
        body: SHORT,
        ..LONG_TIMEOUTS
    })
    .await;
    let head = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n";
    let (mut reader, mut writer) = send(&listener, head).await.into_split();
    let trickle = async {
        while writer.write_all(b"x").await.is_ok() {
            sleep(SHORT / 4).await;
        }
        std::future::pending::<()>().await;
    };
    let mut answer = [0; 12];
    tokio::select! {
        read = timeout(TIME, reader.read_exact(&mut answer)) => drop(read.expect("an answer").unwrap()),
        () = trickle => {}
    }
    assert_eq!(&answer, b"HTTP/1.1 400");
}

#[tokio::test]
async fn an_unread_answer_ends_the_connection() {
    let listener = start_with(
        Timeouts {
            write: SHORT,
            ..LONG_TIMEOUTS
        },
        1,
    )
    .await;
    let _unread = send(&listener, "GET /large HTTP/1.1\r\nHost: x\r\n\r\n").await;
    is_served_again(&listener).await;
}

#[tokio::test]
async fn a_large_answer_is_delivered_completely_to_a_reader() {
    let listener = start(Timeouts {
        write: TIME,
        ..LONG_TIMEOUTS
    })
    .await;
    let request = "GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let received = read_to_end(send(&listener, request).await).await;
    assert!(received.len() > UNREAD_BYTES);
}

#[tokio::test]
async fn a_connection_over_the_cap_is_refused_until_another_ends() {
    let listener = start_with(LONG_TIMEOUTS, 2).await;
    let (mut one, mut two) = (send(&listener, GET).await, send(&listener, GET).await);
    for stream in [&mut one, &mut two] {
        let answer = read_answer(stream).await;
        assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    }
    let refused = TcpStream::connect(listener.address).await.unwrap();
    let received = read_to_end(refused).await;
    assert!(received.starts_with("HTTP/1.1 503 "), "{received}");
    assert!(
        received.contains("Retry-After: 10") && received.contains("Connection: close"),
        "{received}"
    );
    drop(one);
    is_served_again(&listener).await;
}

#[tokio::test]
async fn a_head_of_more_than_32_kib_is_answered_with_431() {
    let listener = start(LONG_TIMEOUTS).await;
    let head = |bytes: usize| format!("GET /peer HTTP/1.1\r\nHost: x\r\nX-Long: {}\r\n\r\n", "x".repeat(bytes));
    let mut stream = send(&listener, &head(24 * 1024)).await;
    let answer = read_answer(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    let received = read_to_end(send(&listener, &head(64 * 1024)).await).await;
    assert!(received.starts_with("HTTP/1.1 431 "), "{received}");
}

#[tokio::test]
async fn an_answer_before_the_whole_body_announces_the_close() {
    let listener = start(LONG_TIMEOUTS).await;
    let body = "x".repeat(300_000);
    let request = format!(
        "POST /ignore HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let received = read_to_end(send(&listener, &request).await).await;
    assert!(
        received.starts_with("HTTP/1.1 200 OK") && received.ends_with("not read"),
        "{received}"
    );
    assert!(received.contains("connection: close"), "{received}");

    let mut stream = send(
        &listener,
        "POST /ignore HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
    )
    .await;
    let answer = read_answer(&mut stream).await;
    assert!(!answer.contains("connection: close"), "{answer}");
}

#[tokio::test]
async fn a_drain_completes_open_requests_and_ends_idle_connections() {
    let listener = start(LONG_TIMEOUTS).await;
    let idle = TcpStream::connect(listener.address).await.unwrap();
    let head = "POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n";
    let mut asking = send(&listener, head).await;
    // From here on the server reads the body.
    let mut more = [0; 25];
    asking.read_exact(&mut more).await.unwrap();
    assert_eq!(&more, b"HTTP/1.1 100 Continue\r\n\r\n");
    listener.stop.cancel();
    assert_eq!(read_to_end(idle).await, "");
    asking.write_all(b"tea!").await.unwrap();
    let received = read_to_end(asking).await;
    assert!(
        received.starts_with("HTTP/1.1 200 OK") && received.ends_with("tea!"),
        "{received}"
    );
    timeout(TIME, listener.serving)
        .await
        .expect("the end of the server")
        .unwrap();
    assert!(TcpStream::connect(listener.address).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_backlog_holds_more_than_the_usual_128_connections() {
    let listener = super::bind("127.0.0.1", 0).await.unwrap();
    let address = listener.local_addr().unwrap();
    // Nothing accepts them. A connection that does not fit into the backlog would wait a second at least.
    let longest: usize = std::fs::read_to_string("/proc/sys/net/core/somaxconn")
        .ok()
        .and_then(|text| text.trim().parse().ok())
        .unwrap_or(128);
    let mut waiting = Vec::new();
    for _ in 0..longest.min(400) {
        let stream = timeout(TIME, TcpStream::connect(address)).await.unwrap().unwrap();
        waiting.push(stream);
    }
    assert_eq!(waiting.len(), longest.min(400));
}
