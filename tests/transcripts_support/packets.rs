//! What the bench can put into a server's hands: notifications, packets, requests.

use super::args::{self, Args};
use super::cast;
use std::sync::Arc;
use zoolab_core::ids::{NodeId, SessionId, Zxid};
use zoolab_core::request::{CreateMode, Op};
use zoolab_core::view::Role;
use zoolab_core::zab::{Notification, Packet, Submit, Vote, Wanted};

/// `LOOKING s3 zxid=1.2 epoch=1 round=4`.
pub fn notification(args: &mut Args) -> Result<Notification, String> {
    let word = args.word("the sender's state")?;
    let roles = [Role::Looking, Role::Following, Role::Leading, Role::Observing];
    let state = roles.into_iter().find(|role| role.to_string() == word);
    let state = state.ok_or_else(|| format!("`{word}` is not a state"))?;
    let leader: NodeId = args.node()?;
    let zxid = args.need("zxid", args::zxid)?;
    let epoch = args.option("epoch", args::number)?.unwrap_or(zxid.epoch());
    let round = args.need("round", args::number)?;
    Ok(Notification { state, vote: Vote { leader, zxid, epoch }, round })
}

/// `LEADERINFO epoch=3`, `PROPOSAL 1.3` and so on, by ZooKeeper's names.
pub fn packet(args: &mut Args) -> Result<Packet, String> {
    let label = args.word("a packet")?;
    let epoch = |args: &mut Args| args.need("epoch", args::number);
    Ok(match label.as_str() {
        "FOLLOWERINFO" | "OBSERVERINFO" => {
            let accepted_epoch = args.need("acceptedEpoch", args::number)?;
            Packet::Info { accepted_epoch, observer: label == "OBSERVERINFO" }
        }
        "LEADERINFO" => Packet::LeaderInfo { epoch: epoch(args)? },
        "ACKEPOCH" => {
            let zxid = args.need("zxid", args::zxid)?;
            let promised = |text: &str| if text == "-1" { Ok(None) } else { args::number(text).map(Some) };
            Packet::AckEpoch { zxid, current_epoch: args.need("currentEpoch", promised)? }
        }
        "DIFF" => Packet::Diff { zxid: zxid(args)? },
        "TRUNC" => Packet::Trunc { zxid: zxid(args)? },
        "SNAP" => {
            let zxid = zxid(args)?;
            let history = args.option("tree", args::history)?.unwrap_or_default();
            Packet::Snap { zxid, tree: cast::tree(&history) }
        }
        "PROPOSAL" => Packet::Proposal(Arc::new(cast::txn(zxid(args)?))),
        "INFORM" => Packet::Inform(Arc::new(cast::txn(zxid(args)?))),
        "COMMIT" => Packet::Commit { zxid: zxid(args)? },
        "ACK" => Packet::Ack { zxid: zxid(args)? },
        "NEWLEADER" => Packet::NewLeader { epoch: epoch(args)? },
        "UPTODATE" => Packet::UpToDate,
        "PING" => Packet::Ping { zxid: Zxid::ZERO, sessions: Arc::from([]) },
        "SYNC" => Packet::Sync,
        "REQUEST" => Packet::Request(Submit {
            session: SessionId::NONE,
            cxid: 0,
            ids: Arc::from([]),
            what: Wanted::Op(op(args)?),
        }),
        _ => return Err(format!("`{label}` is not a packet")),
    })
}

fn zxid(args: &mut Args) -> Result<Zxid, String> {
    args::zxid(&args.word("a zxid")?)
}

/// `create /a 1`, `get /a` and so on, as in zkCli.
pub fn op(args: &mut Args) -> Result<Op, String> {
    let verb = args.word("an operation")?;
    let path: Arc<str> = args.word("a path")?.into();
    let data = args.maybe().map(Into::into);
    Ok(match verb.as_str() {
        "create" => Op::create(path, data, CreateMode::Persistent),
        "set" => Op::SetData { path, data, version: -1 },
        "delete" => Op::Delete { path, version: -1 },
        "get" => Op::GetData { path, watch: false },
        "ls" => Op::GetChildren { path, watch: false },
        "sync" => Op::Sync { path },
        _ => return Err(format!("`{verb}` is not an operation")),
    })
}
