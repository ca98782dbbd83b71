//! A served ensemble and a small client, for tests.

#![allow(dead_code, reason = "each test takes what it needs")]
#![allow(missing_docs, reason = "the names say it")]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;
use zoolab_core::scenario::{DiskSpec, NetSpec, Scenario};
use zoolab_core::time::{Span, Time};
use zoolab_core::wire::body::Create;
use zoolab_core::wire::connect::{ConnectRequest, ConnectResponse};
use zoolab_core::wire::frame;
use zoolab_core::wire::jute::{Reader, Record as _};
use zoolab_core::wire::packet::{Incoming, read_reply, write_request};
use zoolab_core::wire::records::{Acl, ReplyHeader};
use zoolab_core::wire::request::Request;
use zoolab_core::wire::response::Response;
use zoolab_core::world::Service;
use zoolab_driver::gateway::{Gateway, listen};

/// A served ensemble of three; ends with the value, handing out the run as a scenario.
pub struct Served {
    pub at: Vec<SocketAddr>,
    /// Of the admin port.
    pub url: String,
    end: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<JoinHandle<Scenario>>,
}

impl Served {
    /// Four connections at a time; the run is remembered and checked.
    pub fn kept() -> Self {
        Self::new(4, Service { keeps: true, checks: true }, None)
    }

    pub fn new(remotes: u16, service: Service, patience: Option<Duration>) -> Self {
        let scenario = Scenario {
            name: "served".to_owned(),
            servers: 3,
            remotes,
            until: Time::from_ms(1),
            net: NetSpec { latency: (Span(50), Span(150)), ..NetSpec::default() },
            disk: DiskSpec { fsync: (Span(50), Span(150)) },
            ..Scenario::default()
        };
        let ports = listen([127, 0, 0, 1].into(), 0, 3).expect("loopback has ports");
        let at = ports.iter().map(|(_, port)| port.local_addr().expect("it listens")).collect();
        let admin = TcpListener::bind(("127.0.0.1", 0)).expect("loopback has ports");
        let url = format!("http://{}", admin.local_addr().expect("it listens"));
        let (end, ended) = tokio::sync::oneshot::channel::<()>();
        let thread = std::thread::spawn(move || {
            let mut gateway = Gateway::new(&Arc::new(scenario), 1.0, service);
            if let Some(patience) = patience {
                gateway.set_patience(patience);
            }
            let end = async {
                let _ = ended.await;
            };
            gateway.serve(ports, Some(admin), end).expect("it serves");
            gateway.as_scenario()
        });
        Self { at, url, end: Some(end), thread: Some(thread) }
    }

    pub fn end(mut self) -> Scenario {
        drop(self.end.take());
        self.thread.take().expect("it has a thread").join().expect("it did not panic")
    }
}

/// A client as small as can be.
pub struct Program {
    pub stream: TcpStream,
    pub xid: i32,
    pub session: i64,
    pub password: Vec<u8>,
}

impl Program {
    /// A session; tries until somebody leads.
    pub fn connect(at: SocketAddr, session: i64, password: &[u8]) -> Option<Self> {
        for _ in 0..100 {
            let mut stream = TcpStream::connect(at).expect("the port listens");
            stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a socket has timeouts");
            let request = ConnectRequest::new(10_000, session, password);
            let mut bytes = Vec::new();
            frame::write(&mut bytes, |to| request.write(to));
            stream.write_all(&bytes).expect("it is connected");
            if let Some(reply) = receive(&mut stream) {
                let response = ConnectResponse::read(&mut Reader::new(&reply)).expect("a connect response");
                let password = response.password.as_deref().unwrap_or_default().to_vec();
                return (response.session != 0).then_some(Self {
                    stream,
                    xid: 0,
                    session: response.session,
                    password,
                });
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("nobody serves");
    }

    pub fn ask(&mut self, request: &Request) -> (ReplyHeader, Option<Response>) {
        self.xid += 1;
        let mut bytes = Vec::new();
        write_request(&mut bytes, self.xid, request);
        self.stream.write_all(&bytes).expect("it is connected");
        let reply = receive(&mut self.stream).expect("an answer");
        match read_reply(&reply, |_| Some(request.op())).expect("a reply") {
            Incoming::Reply(header, body) => {
                assert_eq!(header.xid, self.xid);
                (header, body)
            }
            Incoming::Event(..) => panic!("nothing is watched"),
        }
    }
}

/// A frame, or `None` at the end of the connection.
pub fn receive(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut length = [0; 4];
    stream.read_exact(&mut length).ok()?;
    let mut frame = vec![0; u32::from_be_bytes(length) as usize];
    stream.read_exact(&mut frame).ok()?;
    Some(frame)
}

pub fn create(path: &str, data: &str, flags: i32) -> Request {
    let data = Some(data.as_bytes().into());
    Request::Create(Create { path: Some(path.into()), data, acl: Some(vec![Acl::open()]), flags })
}
