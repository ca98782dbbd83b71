//! Who is there and with which settings: the options of `boot` and `servers`.

use super::args::{self, Args};
use std::collections::{BTreeMap, BTreeSet};
use zoolab_core::ids::{NodeId, SessionId, Zxid};
use zoolab_core::scenario::{DiskSpec, Mutation, NetSpec, Scenario, ZabSpec};
use zoolab_core::time::{Span, Time};
use zoolab_core::tree::{Tree, Txn, TxnBody};
use zoolab_core::view::Entry;

/// A scenario with `servers` servers and the settings named in `args`. Every message takes 5 ms and every
/// fsync 2 ms, so that no transcript hangs on a seed.
pub fn scenario(servers: u8, args: &mut Args) -> Result<Scenario, String> {
    let set = |nodes: Option<Vec<NodeId>>| nodes.unwrap_or_default().into_iter().collect::<BTreeSet<_>>();
    let clients = args.option("clients", args::nodes)?.unwrap_or_default();
    let (five, two) = (Span::from_ms(5), Span::from_ms(2));
    Ok(Scenario {
        name: "transcript".to_owned(),
        servers,
        observers: set(args.option("observers", args::nodes)?),
        // Client cN begins at the Nth server named.
        clients: clients.into_iter().map(Some).collect(),
        until: Time::from_ms(600_000),
        net: NetSpec { latency: (five, five), ..NetSpec::default() },
        disk: DiskSpec { fsync: (two, two) },
        zab: settings(args)?,
        mutations: args.option("broken", mutations)?.unwrap_or_default(),
        absent: set(args.option("absent", args::nodes)?),
        ..Scenario::default()
    })
}

/// Guards that are switched off, as in `AckBeforeFsync,NoTruncate`.
fn mutations(text: &str) -> Result<BTreeSet<Mutation>, String> {
    let mutation = |name: &str| Mutation::ALL.into_iter().find(|mutation| format!("{mutation:?}") == name);
    text.split(',').map(|name| mutation(name).ok_or_else(|| format!("`{name}` is not a guard"))).collect()
}

/// ZooKeeper's settings, by ZooKeeper's names.
fn settings(args: &mut Args) -> Result<ZabSpec, String> {
    let usual = ZabSpec::default();
    let factor = args.option("snapshotSizeFactor", |text| match text {
        "0.33" => Ok(true),
        "-1" => Ok(false),
        _ => Err(format!("`{text}`: only 0.33 (on) and -1 (off) are modelled")),
    })?;
    Ok(ZabSpec {
        snap_count: args.option("snapCount", args::number)?.unwrap_or(usual.snap_count),
        commit_log_count: args.option("commitLogCount", args::number)?.unwrap_or(usual.commit_log_count),
        log_sync: factor.unwrap_or(usual.log_sync),
        groups: args.option("groups", args::numbered)?.unwrap_or_default(),
        weights: args.option("weights", args::numbered)?.unwrap_or_else(BTreeMap::new),
        ..usual
    })
}

/// A transaction that anybody can make up from its zxid: it creates a znode of that name.
pub fn txn(zxid: Zxid) -> Txn {
    let path = format!("/{}.{}", zxid.epoch(), zxid.counter());
    // The parent's counter must grow along every history.
    let parent_cversion = (zxid.epoch() * 1000 + zxid.counter()).cast_signed();
    let body = TxnBody::create(path, None, parent_cversion);
    Txn { zxid, time_ms: 0, session: SessionId::NONE, cxid: 0, body }
}

/// The same as an entry of a log.
pub fn entry(zxid: Zxid) -> Entry {
    Entry { zxid, txn: txn(zxid).into() }
}

/// The tree after these transactions.
pub fn tree<'a>(history: impl IntoIterator<Item = &'a Zxid>) -> Tree {
    let mut tree = Tree::new();
    for zxid in history {
        let _ = tree.apply(&txn(*zxid));
    }
    tree
}
