//! Who stands in line anywhere in a tree.
//!
//! Found once by walking the tree; from then on the transactions since tell what has changed, so that ten thousand in
//! line cost nothing while one of them comes or goes.

use super::family::{Family, Maker, Part, Turn, parse};
use crate::ids::{SessionId, Zxid};
use crate::list::List;
use crate::tree::{Tree, TxnBody, Znode, path};
use crate::view::{Entry, ServerView};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// With more transactions than this in between, the tree is walked instead.
const LEAP: usize = 4096;
/// How many of those that went last are remembered of each line.
const GONE_KEPT: usize = 32;

/// A znode that stands in line.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// Where.
    pub path: Arc<str>,
    /// Its place in line.
    pub turn: Turn,
    /// What it wants.
    pub part: Part,
    /// Of which recipe its name is.
    pub family: Family,
    /// By whose custom.
    pub maker: Maker,
    /// Whose it is; `NONE` if it stays when sessions end.
    pub session: SessionId,
    /// The transaction that made it.
    pub czxid: Zxid,
    /// The leader's time of that.
    pub ctime_ms: i64,
}

/// One that stood in line, and how it went.
#[derive(Clone, Debug, PartialEq)]
pub struct Gone {
    /// Where it stood.
    pub path: Arc<str>,
    /// Its place in line.
    pub turn: Turn,
    /// What it wanted.
    pub part: Part,
    /// The transaction that removed it.
    pub zxid: Zxid,
    /// The leader's time of that.
    pub time_ms: i64,
}

/// The znodes below one path that stand in line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sequence {
    /// In the order of their turns.
    pub members: Vec<Member>,
    /// Those that went, the last one first, as far as the log tells.
    pub gone: Vec<Gone>,
}

/// Every line of a tree, by the path that it stands below.
#[derive(Clone, Debug, Default)]
pub struct Census {
    made_of: Option<(Tree, List<Entry>)>,
    below: BTreeMap<Arc<str>, Sequence>,
    ready: BTreeSet<Arc<str>>,
}

/// The znode with which a double barrier opens (facts 11).
pub const READY: &str = "ready";

impl Census {
    /// The lines, by path; one that everybody has left may still be there, with those who went.
    pub fn below(&self) -> &BTreeMap<Arc<str>, Sequence> {
        &self.below
    }

    /// The log of the server that was looked at.
    pub fn log(&self) -> Option<&List<Entry>> {
        self.made_of.as_ref().map(|(_, log)| log)
    }

    /// Where a double barrier is open.
    pub fn ready(&self) -> &BTreeSet<Arc<str>> {
        &self.ready
    }

    /// Looks at a server's tree; whether it is another than before.
    pub fn look_at(&mut self, view: &ServerView) -> bool {
        let since = match &self.made_of {
            Some((tree, _)) if tree.same(&view.tree) => return false,
            Some((tree, log)) => since(tree.last_zxid(), log, view),
            None => None,
        };
        match since {
            Some(entries) => self.follow(&view.tree, &entries),
            None => self.walk(view),
        }
        self.made_of = Some((view.tree.clone(), view.log.clone()));
        true
    }

    /// Applies what has happened since, oldest first.
    fn follow(&mut self, tree: &Tree, entries: &[Entry]) {
        for entry in entries {
            let mut went = Vec::new();
            touched(&entry.txn.body, &mut |path, goes| {
                if goes {
                    went.push(path.clone());
                }
                self.refresh(tree, path);
            });
            for path in went {
                self.remember(&path, entry, false);
            }
        }
    }

    /// Takes one znode as the tree has it.
    fn refresh(&mut self, tree: &Tree, path: &Arc<str>) {
        let Some(folder) = path::parent(path) else { return };
        if path::name(path) == READY {
            if tree.node(path).is_some() {
                self.ready.insert(folder.into());
            } else {
                self.ready.remove(folder);
            }
        }
        let Some(named) = parse(path::name(path)) else { return };
        let member = tree.node(path).and_then(|znode| member(path, znode));
        let sequence = match self.below.get_mut(folder) {
            Some(sequence) => sequence,
            None if member.is_none() => return,
            None => self.below.entry(folder.into()).or_default(),
        };
        let found =
            sequence.members.binary_search_by(|other| (&other.turn, &other.path).cmp(&(&named.turn, path)));
        match (found, member) {
            (Ok(at), Some(member)) => sequence.members[at] = member,
            (Ok(at), None) => drop(sequence.members.remove(at)),
            (Err(at), Some(member)) => sequence.members.insert(at, member),
            (Err(_), None) => {}
        }
    }

    /// Remembers that a znode went; `oldest` when going through the log backwards.
    fn remember(&mut self, path: &Arc<str>, entry: &Entry, oldest: bool) {
        let (Some(folder), Some(named)) = (path::parent(path), parse(path::name(path))) else { return };
        let gone = &mut match self.below.get_mut(folder) {
            Some(sequence) => sequence,
            None => self.below.entry(folder.into()).or_default(),
        }
        .gone;
        let (zxid, time_ms) = (entry.zxid, entry.txn.time_ms);
        let one = Gone { path: path.clone(), turn: named.turn, part: named.part, zxid, time_ms };
        if oldest {
            if gone.len() < GONE_KEPT {
                gone.push(one);
            }
        } else {
            gone.insert(0, one);
            gone.truncate(GONE_KEPT);
        }
    }

    fn walk(&mut self, view: &ServerView) {
        self.below.clear();
        self.ready.clear();
        for (path, znode) in &view.tree {
            let Some(folder) = path::parent(path) else { continue };
            if path::name(path) == READY {
                self.ready.insert(folder.into());
            }
            let Some(member) = member(path, znode) else { continue };
            match self.below.get_mut(folder) {
                Some(sequence) => sequence.members.push(member),
                None => self.below.entry(folder.into()).or_default().members.push(member),
            }
        }
        for sequence in self.below.values_mut() {
            sequence.members.sort_by(|a, b| (&a.turn, &a.path).cmp(&(&b.turn, &b.path)));
        }
        let applied = view.log.iter_back().skip_while(|entry| entry.zxid > view.applied());
        for entry in applied {
            let mut went = Vec::new();
            touched(&entry.txn.body, &mut |path, goes| {
                if goes {
                    went.push(path.clone());
                }
            });
            for path in went.iter().rev() {
                self.remember(path, entry, true);
            }
        }
    }
}

/// A znode that stands in line by its name.
fn member(path: &Arc<str>, znode: &Znode) -> Option<Member> {
    let named = parse(path::name(path))?;
    Some(Member {
        path: path.clone(),
        turn: named.turn,
        part: named.part,
        family: named.family,
        maker: named.maker,
        session: if znode.is_ephemeral() { znode.owner } else { SessionId::NONE },
        czxid: znode.czxid,
        ctime_ms: znode.ctime_ms,
    })
}

/// The transactions between a tree that was looked at and this one, oldest first; `None` if they are not known, too
/// many, or if time went backwards.
fn since(last: Zxid, log: &List<Entry>, view: &ServerView) -> Option<Vec<Entry>> {
    let now = view.applied();
    if now < last {
        return None;
    }
    let back = |log: &List<Entry>| log.iter_back().find(|entry| entry.zxid <= last).cloned();
    let (before, then) = (back(&view.log), back(log));
    // Both must have come from the same history.
    match (before, then) {
        (Some(a), Some(b)) if a.zxid == last && a.txn == b.txn => {}
        (None, None) if view.base == last => {}
        _ => return None,
    }
    let news = view.log.iter_back().skip_while(|entry| entry.zxid > now);
    let mut news: Vec<Entry> = news.take_while(|entry| entry.zxid > last).take(LEAP + 1).cloned().collect();
    news.reverse();
    (news.len() <= LEAP).then_some(news)
}

/// Calls with every path that a transaction makes or removes, and whether it goes.
pub(super) fn touched(body: &TxnBody, tell: &mut impl FnMut(&Arc<str>, bool)) {
    match body {
        TxnBody::Create { path, .. } => tell(path, false),
        TxnBody::Delete { path } => tell(path, true),
        TxnBody::CloseSession { paths } => paths.iter().for_each(|path| tell(path, true)),
        TxnBody::Multi { txns } => txns.iter().for_each(|body| touched(body, tell)),
        _ => {}
    }
}
