//! Load on a ZooKeeper service, of any make: how many writes and reads a second, and how long each takes.
//!
//! ```text
//! cargo run --release --example load -- 127.0.0.1:2181,127.0.0.1:2182 --clients 16 --in-flight 1 --seconds 3 --op set
//! {"op":"set","clients":16,"in_flight":1,"per_second":12345.0,"p50_us":…,"p99_us":…,"errors":0}
//! ```
//!
//! Clients are spread over the servers; each writes to znodes of its own, 100 bytes a value. It speaks the client
//! protocol with the project's own codec and does nothing besides, so that it is the servers that are measured.

use clap::{Parser, ValueEnum};
use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use zoolab_core::wire::body::{Create, Read, SetData};
use zoolab_core::wire::connect::ConnectRequest;
use zoolab_core::wire::frame;
use zoolab_core::wire::jute::Record as _;
use zoolab_core::wire::packet::write_request;
use zoolab_core::wire::records::{Acl, XID_EVENT};
use zoolab_core::wire::request::Request;

/// NodeExists: another round has made it.
const NODE_EXISTS: i32 = -110;

#[derive(Debug, Parser)]
struct Args {
    /// Client ports of the servers, with commas between
    hosts: String,
    /// Connections
    #[arg(long, default_value_t = 1)]
    clients: usize,
    /// Requests of each without an answer
    #[arg(long, default_value_t = 1)]
    in_flight: usize,
    /// How long to measure; half a second before that is not counted
    #[arg(long, default_value_t = 3.0)]
    seconds: f64,
    /// What to do
    #[arg(long, value_enum, default_value_t = Op::Set)]
    op: Op,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Op {
    Create,
    Set,
    Get,
}

/// A connection with a session.
struct Client {
    stream: TcpStream,
    name: String,
    root: Arc<str>,
    xid: i32,
    buffer: Vec<u8>,
}

impl Client {
    async fn connect(at: SocketAddr, number: usize) -> io::Result<Self> {
        let mut stream = TcpStream::connect(at).await?;
        stream.set_nodelay(true)?;
        let request = ConnectRequest::fresh(30_000);
        let mut bytes = Vec::new();
        frame::write(&mut bytes, |to| request.write(to));
        stream.write_all(&bytes).await?;
        let name = format!("{}-{number}", std::process::id());
        let mut client = Self { stream, name, root: "/load".into(), xid: 0, buffer: Vec::new() };
        client.frame().await?;
        let base = client.root.clone();
        client.make(&base).await?;
        client.root = format!("/load/{}", client.name).into();
        let root = client.root.clone();
        client.make(&root).await?;
        Ok(client)
    }

    /// The next frame, without its length.
    async fn frame(&mut self) -> io::Result<Vec<u8>> {
        loop {
            if let Some(length) = self.buffer.first_chunk::<4>() {
                let length = u32::from_be_bytes(*length) as usize;
                if self.buffer.len() >= 4 + length {
                    let frame = self.buffer[4..4 + length].to_vec();
                    self.buffer.drain(..4 + length);
                    return Ok(frame);
                }
            }
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the server hung up"));
            }
        }
    }

    async fn make(&mut self, path: &str) -> io::Result<()> {
        self.xid += 1;
        let mut bytes = Vec::new();
        write_request(&mut bytes, self.xid, &create(path));
        self.stream.write_all(&bytes).await?;
        let code = error_of(&self.frame().await?);
        if code == 0 || code == NODE_EXISTS {
            return Ok(());
        }
        Err(io::Error::other(format!("{path} cannot be made: error {code}")))
    }

    fn request(&self, op: Op) -> Request {
        let path: Option<Arc<str>> = Some(self.root.clone());
        match op {
            Op::Create => create(&format!("{}/{:07}", self.root, self.xid)),
            Op::Set => {
                Request::SetData(SetData { path, data: Some([b'x'; 100].as_slice().into()), version: -1 })
            }
            Op::Get => Request::GetData(Read { path, watch: false }),
        }
    }

    /// Asks until `end`; how long each answer took that came after `from`, and how many were errors.
    async fn run(
        mut self,
        op: Op,
        in_flight: usize,
        from: Instant,
        end: Instant,
    ) -> io::Result<(Vec<u32>, usize)> {
        let (mut asked, mut took, mut errors) = (VecDeque::new(), Vec::new(), 0);
        let mut bytes = Vec::new();
        while Instant::now() < end || !asked.is_empty() {
            bytes.clear();
            while asked.len() < in_flight && Instant::now() < end {
                self.xid += 1;
                write_request(&mut bytes, self.xid, &self.request(op));
                asked.push_back(Instant::now());
            }
            self.stream.write_all(&bytes).await?;
            loop {
                let frame = self.frame().await?;
                if frame.first_chunk::<4>() == Some(&XID_EVENT.to_be_bytes()) {
                    continue;
                }
                let Some(began) = asked.pop_front() else { break };
                errors += usize::from(error_of(&frame) != 0);
                if began >= from && Instant::now() < end {
                    took.push(began.elapsed().as_micros() as u32);
                }
                // Answers that are here already are taken before more is asked.
                let has_more = self
                    .buffer
                    .first_chunk::<4>()
                    .is_some_and(|length| self.buffer.len() >= 4 + u32::from_be_bytes(*length) as usize);
                if asked.is_empty() || !has_more {
                    break;
                }
            }
        }
        Ok((took, errors))
    }
}

fn create(path: &str) -> Request {
    let data = Some([b'x'; 100].as_slice().into());
    Request::Create(Create { path: Some(path.into()), data, acl: Some(vec![Acl::open()]), flags: 0 })
}

/// The error in a reply's header.
fn error_of(frame: &[u8]) -> i32 {
    frame.get(12..16).map_or(0, |four| i32::from_be_bytes(four.try_into().expect("four bytes were taken")))
}

async fn measure(args: &Args) -> Result<(), Box<dyn std::error::Error>> {
    let hosts: Vec<SocketAddr> = args.hosts.split(',').map(str::parse).collect::<Result<_, _>>()?;
    let mut clients = Vec::new();
    for number in 0..args.clients {
        clients.push(Client::connect(hosts[number % hosts.len()], number).await?);
    }
    let from = Instant::now() + Duration::from_millis(500);
    let end = from + Duration::from_secs_f64(args.seconds);
    let tasks: Vec<_> = clients
        .into_iter()
        .map(|client| tokio::spawn(client.run(args.op, args.in_flight, from, end)))
        .collect();
    let (mut took, mut errors) = (Vec::new(), 0);
    for task in tasks {
        let (more, wrong) = task.await??;
        took.extend(more);
        errors += wrong;
    }
    took.sort_unstable();
    let at = |part: f64| took.get((took.len() as f64 * part) as usize).copied().unwrap_or(0);
    let op = format!("{:?}", args.op).to_lowercase();
    println!(
        "{{\"op\":\"{op}\",\"clients\":{},\"in_flight\":{},\"per_second\":{:.0},\"p50_us\":{},\"p99_us\":{},\"errors\":{errors}}}",
        args.clients,
        args.in_flight,
        took.len() as f64 / args.seconds,
        at(0.5),
        at(0.99),
    );
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    measure(&Args::parse()).await
}
