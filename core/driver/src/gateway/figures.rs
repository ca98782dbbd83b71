//! What each server and each connection counts: the figures of the four-letter words (facts 9.6).
//!
//! Read off the bytes that pass, so that no protocol has to count for them.

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use zoolab_core::ids::NodeId;
use zoolab_core::time::Time;
use zoolab_core::wire::op_code::OpCode;
use zoolab_core::wire::records::{XID_EVENT, XID_PING};

/// Latencies of answered requests, in microseconds of virtual time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Latency {
    pub(super) min: u64,
    pub(super) max: u64,
    total: u64,
    pub(super) count: u64,
}

impl Latency {
    fn add(&mut self, took: u64) {
        self.min = if self.count == 0 { took } else { self.min.min(took) };
        self.max = self.max.max(took);
        self.total += took;
        self.count += 1;
    }

    /// 0 before the first.
    pub(super) fn average(self) -> f64 {
        if self.count == 0 { 0.0 } else { self.total as f64 / self.count as f64 }
    }
}

/// Packets in and out, and how long answers took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Traffic {
    pub(super) received: u64,
    pub(super) sent: u64,
    pub(super) latency: Latency,
}

/// One connection.
#[derive(Clone, Debug)]
pub(super) struct Connection {
    pub(super) server: NodeId,
    pub(super) from: SocketAddr,
    pub(super) since: Time,
    pub(super) traffic: Traffic,
    /// ZooKeeper's short name of the last operation; `NA` before the first.
    pub(super) last_op: &'static str,
    pub(super) last_xid: i32,
    /// The zxid of the last reply's header.
    pub(super) last_zxid: i64,
    pub(super) last_reply: Time,
    pub(super) last_latency: u64,
    /// When each request came that has no answer yet.
    asked: VecDeque<Time>,
    /// Whether the connect request has been answered.
    is_open: bool,
}

impl Connection {
    /// Requests without an answer.
    pub(super) fn outstanding(&self) -> usize {
        self.asked.len()
    }
}

/// The figures of all.
#[derive(Clone, Debug, Default)]
pub(super) struct Figures {
    servers: BTreeMap<NodeId, Traffic>,
    connections: BTreeMap<NodeId, Connection>,
}

impl Figures {
    pub(super) fn opened(&mut self, node: NodeId, server: NodeId, from: SocketAddr, now: Time) {
        let connection = Connection {
            server,
            from,
            since: now,
            traffic: Traffic::default(),
            last_op: "NA",
            last_xid: 0,
            last_zxid: 0,
            last_reply: now,
            last_latency: 0,
            asked: VecDeque::new(),
            is_open: false,
        };
        self.connections.insert(node, connection);
    }

    pub(super) fn closed(&mut self, node: NodeId) {
        self.connections.remove(&node);
    }

    /// A frame came in, without its length.
    pub(super) fn received(&mut self, node: NodeId, frame: &[u8], now: Time) {
        let Some(connection) = self.connections.get_mut(&node) else { return };
        if connection.is_open || !connection.asked.is_empty() {
            connection.last_xid = word(frame, 0).unwrap_or(0);
            connection.last_op = word(frame, 4).and_then(OpCode::from_code).map_or("NA", short);
        } else {
            connection.last_op = "SESS";
        }
        connection.asked.push_back(now);
        connection.traffic.received += 1;
        self.servers.entry(connection.server).or_default().received += 1;
    }

    /// A frame goes out, with its length. Events answer nobody.
    pub(super) fn sent(&mut self, node: NodeId, bytes: &[u8], now: Time) {
        let Some(connection) = self.connections.get_mut(&node) else { return };
        let server = self.servers.entry(connection.server).or_default();
        server.sent += 1;
        connection.traffic.sent += 1;
        let xid = word(bytes, 4);
        if connection.is_open && xid == Some(XID_EVENT) {
            return;
        }
        let Some(asked) = connection.asked.pop_front() else { return };
        let took = now.since(asked).0;
        if connection.is_open {
            connection.last_zxid = bytes
                .get(8..16)
                .map_or(0, |eight| i64::from_be_bytes(eight.try_into().expect("eight bytes were taken")));
        }
        connection.is_open = true;
        connection.last_reply = now;
        connection.last_latency = took;
        // A ping says nothing about the work.
        if xid != Some(XID_PING) {
            connection.traffic.latency.add(took);
            server.latency.add(took);
        }
    }

    /// The server's own, over all connections that it has had.
    pub(super) fn of_server(&self, server: NodeId) -> Traffic {
        self.servers.get(&server).copied().unwrap_or_default()
    }

    /// The connections of a server.
    pub(super) fn connections(&self, server: NodeId) -> impl Iterator<Item = (NodeId, &Connection)> {
        let all = self.connections.iter();
        all.filter(move |(_, connection)| connection.server == server).map(|(node, one)| (*node, one))
    }

    /// `srst`.
    pub(super) fn reset_server(&mut self, server: NodeId) {
        self.servers.remove(&server);
    }

    /// `crst`.
    pub(super) fn reset_connections(&mut self, server: NodeId) {
        for connection in self.connections.values_mut().filter(|one| one.server == server) {
            connection.traffic = Traffic::default();
        }
    }
}

/// Four bytes as a number.
fn word(bytes: &[u8], from: usize) -> Option<i32> {
    bytes.get(from..from + 4).map(|four| i32::from_be_bytes(four.try_into().expect("four bytes were taken")))
}

/// ZooKeeper's short name of an operation (facts 9.6, `lop`).
fn short(op: OpCode) -> &'static str {
    match op {
        OpCode::Ping => "PING",
        OpCode::Multi => "MULT",
        OpCode::MultiRead => "MLTR",
        OpCode::Create | OpCode::Create2 | OpCode::CreateContainer | OpCode::CreateTtl => "CREA",
        OpCode::Delete | OpCode::DeleteContainer => "DELE",
        OpCode::SetData => "SETD",
        OpCode::Reconfig => "RECO",
        OpCode::SetAcl => "SETA",
        OpCode::CloseSession => "CLOS",
        OpCode::Sync => "SYNC",
        OpCode::Check => "CHEC",
        OpCode::Exists => "EXIS",
        OpCode::GetData => "GETD",
        OpCode::SetWatches => "SETW",
        OpCode::SetWatches2 => "STW2",
        OpCode::AddWatch => "ADDW",
        OpCode::GetAcl => "GETA",
        OpCode::GetChildren | OpCode::GetChildren2 => "GETC",
        OpCode::GetAllChildrenNumber => "GETACN",
        OpCode::CheckWatches => "CHKW",
        OpCode::RemoveWatches => "REMW",
        OpCode::WhoAmI => "HOMI",
        OpCode::GetEphemerals => "GETE",
        _ => "NA",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const C1: NodeId = NodeId::Client(1);
    const S1: NodeId = NodeId::Server(1);

    fn frame(words: &[i32]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_be_bytes()).collect()
    }

    #[test]
    fn answers_are_timed_and_events_and_pings_are_not() {
        let mut figures = Figures::default();
        figures.opened(C1, S1, ([127, 0, 0, 1], 9).into(), Time::from_ms(1));
        figures.received(C1, &frame(&[0; 11]), Time::from_ms(1));
        figures.sent(C1, &frame(&[0; 10]), Time::from_ms(3));
        figures.received(C1, &frame(&[7, 4]), Time::from_ms(10));
        figures.sent(C1, &frame(&[20, XID_EVENT, 0, 9, 0]), Time::from_ms(11));
        figures.sent(C1, &frame(&[20, 7, 0, 5, 0]), Time::from_ms(14));
        figures.received(C1, &frame(&[XID_PING, 11]), Time::from_ms(20));
        figures.sent(C1, &frame(&[16, XID_PING, 0, 6, 0]), Time::from_ms(29));
        let traffic = figures.of_server(S1);
        assert_eq!((traffic.received, traffic.sent), (3, 4));
        let latency = traffic.latency;
        assert_eq!((latency.count, latency.min, latency.max), (2, 2000, 4000));
        assert!((latency.average() - 3000.0).abs() < 1e-9);
        let (_, connection) = figures.connections(S1).next().expect("it is open");
        assert_eq!((connection.last_op, connection.last_xid, connection.last_zxid), ("PING", XID_PING, 6));
        assert_eq!((connection.outstanding(), connection.last_latency), (0, 9000));
        figures.reset_server(S1);
        figures.closed(C1);
        assert_eq!((figures.of_server(S1), figures.connections(S1).count()), (Traffic::default(), 0));
    }
}
