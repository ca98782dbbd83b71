//! A crowd of sessions on running servers: how long all of them take to connect, and how another client fares
//! meanwhile and afterwards.
//!
//!     cargo run --release -p zoolab-driver --example crowd -- 127.0.0.1:2181,127.0.0.1:2182 10000
//!
//! The servers are another process: each needs a file descriptor a session.

use std::error::Error;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot::error::TryRecvError;
use zoolab_core::wire::body::{Create, Read};
use zoolab_core::wire::connect::{ConnectRequest, ConnectResponse};
use zoolab_core::wire::frame;
use zoolab_core::wire::jute::{Reader, Record as _};
use zoolab_core::wire::packet::write_request;
use zoolab_core::wire::records::Acl;
use zoolab_core::wire::request::Request;

type Failure = Box<dyn Error + Send + Sync>;

/// Sessions that are dialled at a time.
const AT_ONCE: usize = 200;
/// How long the crowd stays.
const STAY: Duration = Duration::from_secs(15);

struct Session {
    stream: TcpStream,
    xid: i32,
}

impl Session {
    async fn open(at: SocketAddr) -> Result<Self, Failure> {
        let mut stream = TcpStream::connect(at).await?;
        stream.set_nodelay(true)?;
        let request = ConnectRequest::fresh(40_000);
        let mut bytes = Vec::new();
        frame::write(&mut bytes, |to| request.write(to));
        stream.write_all(&bytes).await?;
        let reply = receive(&mut stream).await?;
        let response = ConnectResponse::read(&mut Reader::new(&reply))?;
        if response.session == 0 {
            return Err("no session".into());
        }
        Ok(Self { stream, xid: 0 })
    }

    async fn ask(&mut self, request: &Request) -> Result<(), Failure> {
        self.xid += 1;
        let mut bytes = Vec::new();
        write_request(&mut bytes, self.xid, request);
        self.stream.write_all(&bytes).await?;
        let reply = receive(&mut self.stream).await?;
        match reply.get(12..16) {
            Some([0, 0, 0, 0]) => Ok(()),
            other => Err(format!("error {other:?}").into()),
        }
    }
}

async fn receive(stream: &mut TcpStream) -> Result<Vec<u8>, Failure> {
    let length = stream.read_u32().await?;
    let mut reply = vec![0; length as usize];
    stream.read_exact(&mut reply).await?;
    Ok(reply)
}

/// Writes one after the other for as long as it runs, and tells how long each took.
async fn work(
    at: SocketAddr,
    root: String,
    mut end: tokio::sync::oneshot::Receiver<()>,
) -> Result<Vec<Duration>, Failure> {
    let mut session = Session::open(at).await?;
    let create = |path: String| {
        Request::Create(Create {
            path: Some(path.into()),
            data: None,
            acl: Some(vec![Acl::open()]),
            flags: 0,
        })
    };
    session.ask(&create(root.clone())).await?;
    let mut took = Vec::new();
    while matches!(end.try_recv(), Err(TryRecvError::Empty)) {
        let began = Instant::now();
        session.ask(&create(format!("{root}/{}", took.len()))).await?;
        took.push(began.elapsed());
    }
    Ok(took)
}

fn tell(when: &str, mut took: Vec<Duration>) {
    took.sort_unstable();
    let at = |percent: usize| {
        let place = (took.len() * percent / 100).min(took.len().saturating_sub(1));
        took.get(place).copied().unwrap_or_default()
    };
    println!(
        "{when}: {} writes one at a time, p50 {:?}, p99 {:?}, longest {:?}",
        took.len(),
        at(50),
        at(99),
        at(100)
    );
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let usage = "crowd HOST:PORT,HOST:PORT SESSIONS";
    let mut args = std::env::args().skip(1);
    let hosts: Result<Vec<SocketAddr>, _> = args.next().ok_or(usage)?.split(',').map(str::parse).collect();
    let (hosts, count) = (hosts?, args.next().ok_or(usage)?.parse::<usize>()?);
    let root = format!("/crowd-{}", std::process::id());
    let (end, ended) = tokio::sync::oneshot::channel();
    let worker = tokio::spawn(work(hosts[0], format!("{root}-a"), ended));
    let began = Instant::now();
    let mut crowd = Vec::new();
    while crowd.len() < count {
        let few = (crowd.len()..count.min(crowd.len() + AT_ONCE))
            .map(|nth| tokio::spawn(Session::open(hosts[nth % hosts.len()])));
        for session in few.collect::<Vec<_>>() {
            crowd.push(session.await??);
        }
    }
    println!("{count} sessions opened in {:?}", began.elapsed());
    drop(end);
    tell("meanwhile", worker.await??);
    let (end, ended) = tokio::sync::oneshot::channel();
    let worker = tokio::spawn(work(hosts[0], format!("{root}-b"), ended));
    let began = Instant::now();
    let mut asked = 0;
    while began.elapsed() < STAY {
        for session in crowd.iter_mut().skip(asked % count).step_by(50) {
            session.ask(&Request::Exists(Read { path: Some("/".into()), watch: false })).await?;
        }
        asked += 1;
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    drop(end);
    tell("beside them", worker.await??);
    for session in &mut crowd {
        session.ask(&Request::Exists(Read { path: Some("/".into()), watch: false })).await?;
    }
    println!("all {count} are still served");
    Ok(())
}
