//! The server under attack: the real binary, with one user.

use serde_json::{Value, json};
use std::{
    fs, io,
    net::{Ipv4Addr, SocketAddr},
    path::Path,
};
use testkit::{Process, TestDatabase};
use tokio::net::{TcpSocket, TcpStream};

/// A running server.
pub struct Target {
    process: Process,
    address: SocketAddr,
    addresses: usize,
    token: String,
}

const EMAIL: &str = "ada@example.com";

impl Target {
    /// Starts one with the limits that it has by default, and signs a user up.
    pub async fn start(addresses: usize) -> Self {
        // The tests' server has none of these limits; here they are the defaults again.
        let vars = [
            ("LOG_LEVEL", "error"),
            ("MAX_CONNECTIONS_PER_ADDRESS", "1000"),
            ("RATE_LIMIT_ENABLED", "true"),
            ("WS_RATE_LIMIT_ENABLED", "true"),
        ];
        let process = Process::start(
            Path::new(env!("CARGO_BIN_EXE_lockstep")),
            TestDatabase::create().await,
            vars,
        )
        .await;
        let grant: Value = reqwest::Client::new()
            .post(format!("http://{}/v1/auth/sign-up", process.address))
            .json(&json!({ "email": EMAIL, "password": "long enough for anybody" }))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        Self {
            address: process.address.parse().unwrap(),
            addresses,
            token: grant["access_token"].as_str().expect("a grant").to_owned(),
            process,
        }
    }

    /// The user's address.
    pub fn email(&self) -> &str {
        EMAIL
    }

    /// The user's access token.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Connects as request `n`: from one address after the other.
    pub async fn connect(&self, n: usize) -> io::Result<TcpStream> {
        self.connect_from(n, TcpSocket::new_v4()?).await
    }

    /// The same with a kernel that keeps little of what is not read.
    pub async fn connect_narrow(&self, n: usize) -> io::Result<TcpStream> {
        let socket = TcpSocket::new_v4()?;
        socket.set_recv_buffer_size(4 * 1_024)?;
        self.connect_from(n, socket).await
    }

    async fn connect_from(&self, n: usize, socket: TcpSocket) -> io::Result<TcpStream> {
        // One address is the usual one; where there are several, Linux has all of 127.0.0.0/8 on loopback.
        if self.addresses > 1 {
            let n = n % self.addresses;
            let [high, low] = [n / 250, n % 250 + 1].map(|part| u8::try_from(part).unwrap());
            socket.bind((Ipv4Addr::new(127, 1, high, low), 0).into())?;
        }
        socket.connect(self.address).await
    }

    /// Connects as somebody who has nothing to do with the flood.
    pub async fn connect_apart(&self) -> io::Result<TcpStream> {
        let socket = TcpSocket::new_v4()?;
        socket.bind((Ipv4Addr::new(127, 2, 0, 1), 0).into())?;
        socket.connect(self.address).await
    }

    /// A figure of the process in MiB, such as `VmRSS` (resident) or `VmHWM` (the most that was ever resident); `None` when
    /// the process has ended.
    pub fn memory_mib(&self, name: &str) -> Option<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with(name))?;
        let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(kib / 1_024.0)
    }

    /// Whether it logged a panic.
    pub fn has_panicked(&self) -> bool {
        self.process.log().contains("panicked at")
    }
}
