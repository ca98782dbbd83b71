//! From what a tree holds to the lines that it means: which folders belong together, and who has what.

use super::census::{Member, READY, Sequence, touched};
use super::family::{Family, Maker, Part, Turn, parse};
use super::{Finder, Queue, Stand};
use crate::ids::{NodeId, SessionId, Zxid};
use crate::recipe::Kind;
use crate::tree::path;
use crate::view::WatchMode;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Folders of Curator's semaphore, and the one beside kazoo's (facts 11).
const LEASES: &str = "leases";
const LOCKS: &str = "locks";
const KAZOO_LOCKS: &str = "-__lock__";
/// Folders of kazoo's queue that locks what is being worked on.
const ENTRIES: &str = "entries";
const TAKEN: &str = "taken";
/// A znode that is watched by so many is one that all watch.
const HERD: usize = 2;

/// Every line, by path.
pub(super) fn queues(finder: &Finder) -> Vec<Queue> {
    let mut all: BTreeMap<Arc<str>, Queue> = BTreeMap::new();
    for (folder, sequence) in finder.census.below() {
        if finder.tree.node(folder).is_none() {
            continue;
        }
        let queue = match semaphore(finder, folder) {
            Some((base, _)) if all.contains_key(&base) => continue,
            Some((base, folders)) => of_semaphore(finder, base, folders),
            None => of_sequence(finder, folder, sequence),
        };
        all.insert(queue.path.clone(), queue);
    }
    for folder in barriers(finder) {
        all.entry(folder.clone()).or_insert_with(|| of_barrier(finder, folder));
    }
    for path in herds(finder) {
        all.entry(path.clone()).or_insert_with(|| of_herd(finder, path));
    }
    for path in finder.crowd.paths() {
        if let Some(family) = asked(finder, path).filter(|_| !all.contains_key(path)) {
            all.insert(path.clone(), empty(path.clone(), family, None));
        }
    }
    for queue in all.values_mut() {
        compare(finder, queue);
    }
    all.into_values().collect()
}

fn empty(path: Arc<str>, family: Family, maker: Option<Maker>) -> Queue {
    Queue {
        path,
        family,
        maker,
        limit: None,
        holders: 0,
        waiters: 0,
        is_wrong: false,
        is_open: false,
        stands: Vec::new(),
        folders: Vec::new(),
        others: Vec::new(),
        went: None,
    }
}

/// The path of the semaphore that a folder belongs to, and its folders: leases first.
fn semaphore(finder: &Finder, folder: &Arc<str>) -> Option<(Arc<str>, Vec<Arc<str>>)> {
    let above = || path::parent(folder).filter(|above| *above != "/");
    let beside = |name: &str| above().map(|above| Arc::from(format!("{above}/{name}")));
    let has = |path: &Arc<str>| finder.tree.node(path).is_some();
    match path::name(folder) {
        LEASES => {
            let leases = finder.census.below().get(folder)?;
            let of_leases = leases.members.first().is_none_or(|member| member.family == Family::Semaphore);
            let locks: Option<Arc<str>> = beside(LOCKS);
            of_leases.then(|| Some((above()?.into(), vec![folder.clone(), locks?])))?
        }
        LOCKS => {
            let leases = beside(LEASES).filter(has)?;
            Some((above()?.into(), vec![leases, folder.clone()]))
        }
        _ => {
            let base: Arc<str> = folder.strip_suffix(KAZOO_LOCKS)?.into();
            has(&base).then(|| (base.clone(), vec![base, folder.clone()]))
        }
    }
}

fn last_gone(sequence: &Sequence) -> Option<(Arc<str>, Zxid, i64)> {
    sequence.gone.first().map(|gone| (gone.path.clone(), gone.zxid, gone.time_ms))
}

fn of_sequence(finder: &Finder, folder: &Arc<str>, sequence: &Sequence) -> Queue {
    let gone = || sequence.gone.first().and_then(|gone| parse(path::name(&gone.path)));
    let gone = if sequence.members.is_empty() { gone() } else { None };
    // A lock in which somebody reads is one for readers and writers.
    let family = sequence.members.iter().map(|member| member.family).max();
    let family = family.or(gone.as_ref().map(|named| named.family)).unwrap_or(Family::Lock);
    let maker = sequence.members.first().map(|member| member.maker);
    let mut queue = empty(folder.clone(), family, maker.or(gone.map(|named| named.maker)));
    queue.folders = vec![folder.clone()];
    queue.went = last_gone(sequence);
    queue.stands = match family {
        Family::Queue => work(finder, folder, sequence),
        _ => in_turn(&sequence.members),
    };
    if family == Family::Queue {
        let consumers: BTreeSet<NodeId> =
            finder.child_watchers(folder).chain(finder.crowd.busy_at(folder)).collect();
        queue.stands.extend(consumers.into_iter().map(Stand::Watcher));
    }
    queue
}

/// Who has a lock: readers up to the first writer, or the writer in front. Who writes may read besides (facts 11).
fn in_turn(members: &[Member]) -> Vec<Stand> {
    let mut writers: Option<SessionId> = None;
    let mut several = false;
    let mut stands = Vec::with_capacity(members.len());
    for (index, member) in members.iter().enumerate() {
        let holds = if member.part.is_exclusive() {
            index == 0
        } else {
            !several && writers.is_none_or(|writer| writer == member.session)
        };
        if member.part.is_exclusive() {
            several |= writers.is_some_and(|writer| writer != member.session);
            writers = writers.or(Some(member.session));
        }
        stands.push(Stand::Member { folder: 0, index: index as u32, holds });
    }
    stands
}

/// Work: nobody has it, but for kazoo's, whom a znode of the same name says to be at it.
fn work(finder: &Finder, folder: &str, sequence: &Sequence) -> Vec<Stand> {
    let taken = path::parent(folder).filter(|_| path::name(folder) == ENTRIES);
    let is_taken = |member: &Member| {
        taken.is_some_and(|above| {
            let name = path::name(&member.path);
            finder.tree.node(&format!("{above}/{TAKEN}/{name}")).is_some()
        })
    };
    let stand = |(index, member): (usize, &Member)| Stand::Member {
        folder: 0,
        index: index as u32,
        holds: is_taken(member),
    };
    sequence.members.iter().enumerate().map(stand).collect()
}

/// Leases, then whoever waits in the lock before them. Who is first there and has a lease already waits with it.
fn of_semaphore(finder: &Finder, base: Arc<str>, folders: Vec<Arc<str>>) -> Queue {
    let none = Sequence::default();
    let below = |folder: &Arc<str>| finder.census.below().get(folder).unwrap_or(&none);
    let (leases, locks) = (below(&folders[0]), below(&folders[1]));
    let is_kazoo = folders[0] == base;
    let maker = if is_kazoo { Maker::Kazoo } else { Maker::Curator };
    let mut queue = empty(base, Family::Semaphore, Some(maker));
    let first = locks.members.first().map(|member| member.session);
    if is_kazoo {
        queue.limit = finder
            .tree
            .node(&queue.path)
            .and_then(|znode| std::str::from_utf8(znode.data.as_deref()?).ok()?.trim().parse().ok());
        queue.others = ephemerals(finder, &queue.path, Family::Semaphore, Part::Lease);
        let stand = |index| Stand::Other { index, holds: true };
        queue.stands = (0..queue.others.len() as u32).map(stand).collect();
    } else {
        // It gives the lock back as soon as its lease counts.
        let own = |member: &Member| Some(member.session) == first;
        let waits = leases.members.iter().rposition(own);
        let stand = |index| Stand::Member { folder: 0, index: index as u32, holds: Some(index) != waits };
        queue.stands = (0..leases.members.len()).map(stand).collect();
        let waiting = waits.map(|index| leases.members[index].session);
        let waits_there = |member: &Member| Some(member.session) != waiting;
        let others = locks.members.iter().enumerate().filter(|(_, member)| waits_there(member));
        let stand = |(index, _)| Stand::Member { folder: 1, index: index as u32, holds: false };
        queue.stands.extend(others.map(stand));
    }
    if is_kazoo {
        let stand = |index| Stand::Member { folder: 1, index: index as u32, holds: false };
        queue.stands.extend((0..locks.members.len()).map(stand));
    }
    queue.went = last_gone(leases).or_else(|| last_gone(locks));
    queue.folders = folders;
    queue
}

/// Ephemerals below a path, in the order in which they were made.
fn ephemerals(finder: &Finder, folder: &str, family: Family, part: Part) -> Vec<Member> {
    let below = finder.tree.entries_below(folder).filter(|(_, znode)| znode.is_ephemeral());
    let member = |(path, znode): (&Arc<str>, &crate::tree::Znode)| Member {
        path: path.clone(),
        turn: Turn::default(),
        part,
        family,
        maker: Maker::Kazoo,
        session: znode.owner,
        czxid: znode.czxid,
        ctime_ms: znode.ctime_ms,
    };
    let mut members: Vec<Member> = below.map(member).collect();
    members.sort_by_key(|member| member.czxid);
    members
}

/// Where somebody waits for `ready`, or it is there.
fn barriers(finder: &Finder) -> BTreeSet<Arc<str>> {
    let mut found = finder.census.ready().clone();
    for at in &finder.watched {
        let awaited = at.data.keys().filter(|path| path::name(path) == READY);
        found.extend(awaited.filter_map(|path| path::parent(path)).map(Arc::from));
    }
    let is_member = |path: &Arc<str>| path::name(path) != READY;
    found.retain(|folder| {
        let mut below = finder.tree.entries_below(folder);
        below.any(|(path, znode)| znode.is_ephemeral() && is_member(path))
    });
    found
}

fn of_barrier(finder: &Finder, folder: Arc<str>) -> Queue {
    let is_open = finder.census.ready().contains(&folder);
    let mut queue = empty(folder, Family::DoubleBarrier, None);
    queue.others = ephemerals(finder, &queue.path, Family::DoubleBarrier, Part::Member);
    queue.others.retain(|member| path::name(&member.path) != READY);
    let stand = |index| Stand::Other { index, holds: is_open };
    queue.stands = (0..queue.others.len() as u32).map(stand).collect();
    queue.is_open = is_open;
    queue
}

/// Ephemerals that several watch, and what somebody wants by the recipe that lets all watch one znode.
fn herds(finder: &Finder) -> BTreeSet<Arc<str>> {
    let mut watchers: BTreeMap<&Arc<str>, usize> = BTreeMap::new();
    for at in &finder.watched {
        let candidates = at.data.iter().filter(|(path, _)| {
            let name = path::name(path);
            name != READY && parse(name).is_none()
        });
        for (path, who) in candidates {
            let once = who.values().filter(|mode| **mode == WatchMode::Once).count();
            *watchers.entry(path).or_default() += once;
        }
    }
    let of_session = |path: &str| finder.tree.node(path).is_some_and(crate::tree::Znode::is_ephemeral);
    let watched = watchers.into_iter().filter(|(path, count)| *count >= HERD && of_session(path));
    let wanted = finder.crowd.paths().filter(|path| asked(finder, path) == Some(Family::Herd));
    watched.map(|(path, _)| path).chain(wanted).cloned().collect()
}

fn of_herd(finder: &Finder, path: Arc<str>) -> Queue {
    let mut queue = empty(path, Family::Herd, None);
    if let Some(znode) = finder.tree.node(&queue.path) {
        queue.others.push(Member {
            path: queue.path.clone(),
            turn: Turn::default(),
            part: Part::Alone,
            family: Family::Herd,
            maker: Maker::ZooKeeper,
            session: if znode.is_ephemeral() { znode.owner } else { SessionId::NONE },
            czxid: znode.czxid,
            ctime_ms: znode.ctime_ms,
        });
        queue.stands.push(Stand::Other { index: 0, holds: true });
    }
    let holder = queue.others.first().and_then(|member| finder.crowd.owner(member.session));
    let mut waiters: BTreeSet<NodeId> = finder.watchers(&queue.path).collect();
    let waits = |client: &NodeId| {
        let mut recipes = finder.crowd.recipes(*client, &queue.path);
        recipes.any(|recipe| recipe.standing != crate::recipe::Standing::Holding)
    };
    waiters.extend(finder.crowd.busy_at(&queue.path).filter(waits));
    waiters.retain(|client| Some(*client) != holder);
    queue.stands.extend(waiters.into_iter().map(Stand::Watcher));
    queue.went = last_deletion(finder, &queue.path);
    queue
}

/// The last transaction that removed a znode, as far as the log tells.
fn last_deletion(finder: &Finder, wanted: &Arc<str>) -> Option<(Arc<str>, Zxid, i64)> {
    let log = finder.census.log()?;
    let applied = log.iter_back().skip_while(|entry| entry.zxid > finder.tree.last_zxid());
    let removes = |entry: &&crate::view::Entry| {
        let mut found = false;
        touched(&entry.txn.body, &mut |path, goes| found |= goes && path == wanted);
        found
    };
    let entry = applied.into_iter().find(removes)?;
    Some((wanted.clone(), entry.zxid, entry.txn.time_ms))
}

/// What a path is for, by the recipes that clients carry out there.
fn asked(finder: &Finder, path: &str) -> Option<Family> {
    let mut kinds = finder
        .crowd
        .busy_at(path)
        .flat_map(|client| finder.crowd.recipes(client, path).map(|recipe| recipe.kind).collect::<Vec<_>>());
    kinds.find_map(|kind| match kind {
        Kind::HerdLock => Some(Family::Herd),
        Kind::FairLock | Kind::Lock | Kind::RevocableLock | Kind::Selector => Some(Family::Lock),
        Kind::SharedRead | Kind::SharedWrite | Kind::ReadLock | Kind::WriteLock => {
            Some(Family::ReadWriteLock)
        }
        Kind::Latch => Some(Family::Latch),
        _ => None,
    })
}

/// Counts, and puts what clients believe beside what the service has.
fn compare(finder: &Finder, queue: &mut Queue) {
    let mut sessions: BTreeSet<SessionId> = BTreeSet::new();
    let (mut holders, mut waiters) = (0, 0);
    for stand in &queue.stands {
        match (stand, finder.member(queue, *stand)) {
            (Stand::Member { holds: true, .. } | Stand::Other { holds: true, .. }, Some(member)) => {
                holders += 1;
                sessions.insert(member.session);
            }
            _ => waiters += 1,
        }
    }
    (queue.holders, queue.waiters) = (holders, waiters);
    // Who takes work out of a queue has no znode there while at it.
    if queue.family == Family::Queue {
        return;
    }
    let wrong =
        |client: &NodeId| finder.crowd.session(*client).is_none_or(|session| !sessions.contains(&session));
    let wrong: Vec<NodeId> = finder.crowd.holding_at(&queue.path).filter(wrong).collect();
    queue.is_wrong = !wrong.is_empty();
    let is_there = |client: &NodeId| {
        let own = finder.crowd.session(*client).map(|session| finder.tree.ephemerals(session));
        own.into_iter().flatten().any(|path| {
            path == queue.path
                || path::parent(&path).is_some_and(|above| {
                    above == &*queue.path || queue.folders.iter().any(|folder| **folder == *above)
                })
        })
    };
    let outside = wrong.into_iter().filter(|client| !is_there(client)).map(Stand::Outside);
    let outside: Vec<Stand> = outside.collect();
    queue.stands.splice(0..0, outside);
}
