use super::*;
use axum::routing::{get, post};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::timeout,
};

const TIME: Duration = Duration::from_secs(30);
const LONG: Duration = Duration::from_secs(3_600);
const SHORT: Duration = Duration::from_millis(100);

/// Where a server listens, and what stops it.
async fn start(patience: Patience) -> (SocketAddr, CancellationToken, tokio::task::JoinHandle<()>) {
    let routes = Router::new().route("/echo", post(async |body: String| body)).route(
        "/peer",
        get(async |ConnectInfo(peer): ConnectInfo<SocketAddr>| peer.to_string()),
    );
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, stop) = (listener.local_addr().unwrap(), CancellationToken::new());
    let serving = tokio::spawn(serve(listener, routes, patience, stop.clone()));
    (address, stop, serving)
}

async fn say(address: SocketAddr, bytes: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(bytes.as_bytes()).await.unwrap();
    stream
}

/// What it hears until the server closes.
async fn hear(mut stream: TcpStream) -> String {
    let mut heard = String::new();
    timeout(TIME, stream.read_to_string(&mut heard))
        .await
        .expect("the end of the connection")
        .unwrap();
    heard
}

#[tokio::test]
async fn who_sends_no_whole_request_is_let_go() {
    let patience = Patience {
        head: SHORT,
        body: LONG,
    };
    let (address, ..) = start(patience).await;
    for part in ["", "G", "GET / HTTP/1.1\r\nHost: x\r\nX-Half: "] {
        let heard = hear(say(address, part).await).await;
        assert!(!heard.contains("200 OK"), "{heard}");
    }
    // Nor is the next request waited for longer.
    let heard = hear(say(address, "GET /peer HTTP/1.1\r\nHost: x\r\n\r\n").await).await;
    assert!(heard.starts_with("HTTP/1.1 200 OK"), "{heard}");
}

#[tokio::test]
async fn who_sends_half_a_body_is_told_and_let_go() {
    let patience = Patience {
        head: LONG,
        body: SHORT,
    };
    let (address, ..) = start(patience).await;
    let head = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n";
    let heard = hear(say(address, &format!("{head}half")).await).await;
    assert!(heard.starts_with("HTTP/1.1 400 "), "{heard}");
}

#[tokio::test]
async fn what_is_under_way_is_finished_and_who_waits_is_let_go() {
    let patience = Patience { head: LONG, body: LONG };
    let (address, stop, serving) = start(patience).await;
    let idle = TcpStream::connect(address).await.unwrap();
    let head = "POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n";
    let mut asking = say(address, head).await;
    // The server reads the body from here on.
    let mut more = [0; 25];
    asking.read_exact(&mut more).await.unwrap();
    assert_eq!(&more, b"HTTP/1.1 100 Continue\r\n\r\n");
    stop.cancel();
    assert_eq!(hear(idle).await, "");
    asking.write_all(b"tea!").await.unwrap();
    let heard = hear(asking).await;
    assert!(
        heard.starts_with("HTTP/1.1 200 OK") && heard.ends_with("tea!"),
        "{heard}"
    );
    timeout(TIME, serving).await.expect("the end of the server").unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}
