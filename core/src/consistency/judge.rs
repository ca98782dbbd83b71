//! The judge: each guarantee in one pass over the calls.

use super::call::{Call, CallOp, Told};
use crate::ids::Zxid;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Something that must not be, with the calls that show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// In a sentence.
    pub why: String,
    /// Places of the calls in the history, from 0.
    pub calls: Vec<usize>,
}

/// What was judged and what was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Writes with an answer, errors included.
    pub writes: usize,
    /// Reads with an answer.
    pub reads: usize,
    /// Syncs with an answer.
    pub syncs: usize,
    /// Calls without one.
    pub unknown: usize,
    /// How many of those left a value that was read later.
    pub found_again: usize,
    /// What must not be.
    pub findings: Vec<Finding>,
}

/// Judges a history.
pub fn judge(calls: &[Call]) -> Verdict {
    let mut judge = Judge { calls, verdict: Verdict::default() };
    judge.count();
    judge.writes_in_real_time();
    judge.sessions_never_go_back();
    judge.sync_is_a_barrier();
    let lines = judge.lines_of_values();
    judge.values_are_of_their_moment(&lines);
    judge.versions_follow(&lines);
    judge.verdict
}

struct Judge<'a> {
    calls: &'a [Call],
    verdict: Verdict,
}

/// What happened at a path: by zxid, which call.
#[derive(Debug, Default)]
struct Values {
    writes: BTreeMap<Zxid, usize>,
    /// Whether there is a write of which nobody knows if it happened, and when it was issued first.
    doubtful: Option<u64>,
}

type Lines = BTreeMap<Arc<str>, Values>;

impl Judge<'_> {
    fn find(&mut self, why: String, calls: Vec<usize>) {
        self.verdict.findings.push(Finding { why, calls });
    }

    fn count(&mut self) {
        for call in self.calls {
            match &call.op {
                _ if call.told.is_none() => self.verdict.unknown += 1,
                CallOp::Sync {} => self.verdict.syncs += 1,
                op if op.is_write() => self.verdict.writes += 1,
                _ => self.verdict.reads += 1,
            }
        }
    }

    /// Writes with their zxids: a failed one has a place in the order too.
    fn writes(&self) -> impl Iterator<Item = (usize, Zxid)> + '_ {
        let writes = self.calls.iter().enumerate().filter(|(_, call)| call.op.is_write());
        writes.filter_map(|(place, call)| Some((place, call.told.as_ref()?.place()?)))
    }

    /// For each of `asked` (time, who asks), the write with the highest zxid that had returned before.
    fn newest_before(
        &self,
        asked: impl Iterator<Item = (u64, usize)>,
    ) -> Vec<(usize, Option<(Zxid, usize)>)> {
        let mut returned: Vec<(u64, Zxid, usize)> = self
            .writes()
            .filter_map(|(place, zxid)| Some((self.calls[place].returned_us?, zxid, place)))
            .collect();
        returned.sort_unstable();
        let mut asked: Vec<(u64, usize)> = asked.collect();
        asked.sort_unstable();
        let mut returned = returned.into_iter().peekable();
        let mut newest: Option<(Zxid, usize)> = None;
        let find = |(at, place)| {
            while let Some((_, zxid, write)) = returned.next_if(|(before, ..)| *before < at) {
                newest = newest.max(Some((zxid, write)));
            }
            (place, newest)
        };
        asked.into_iter().map(find).collect()
    }

    fn writes_in_real_time(&mut self) {
        let mut places: BTreeMap<Zxid, usize> = BTreeMap::new();
        for (place, zxid) in self.writes().collect::<Vec<_>>() {
            if let Some(other) = places.insert(zxid, place) {
                self.find(format!("two writes have the zxid {zxid}"), vec![other, place]);
            }
        }
        let zxids: BTreeMap<usize, Zxid> = self.writes().collect();
        let asked = zxids.keys().map(|place| (self.calls[*place].invoked_us, *place));
        for (place, newest) in self.newest_before(asked) {
            if let Some((before, other)) = newest
                && zxids[&place] < before
            {
                let why = format!(
                    "a write was answered as {before} before one was issued that got {}",
                    zxids[&place]
                );
                self.find(why, vec![other, place]);
            }
        }
    }

    fn sessions_never_go_back(&mut self) {
        let mut newest: BTreeMap<&str, (Zxid, usize)> = BTreeMap::new();
        let mut found = Vec::new();
        for (place, call) in self.calls.iter().enumerate() {
            let Some(zxid) = call.told.as_ref().and_then(|told| told.zxid) else { continue };
            let seen = newest.entry(&call.session).or_insert((zxid, place));
            if zxid < seen.0 {
                let why =
                    format!("session {} had seen {}, then was answered as of {zxid}", call.session, seen.0);
                found.push((why, vec![seen.1, place]));
            } else {
                *seen = (zxid, place);
            }
        }
        for (why, calls) in found {
            self.find(why, calls);
        }
    }

    /// What was read after a sync is at least as new as any write that had returned when the sync was issued.
    fn sync_is_a_barrier(&mut self) {
        let syncs = self.calls.iter().enumerate().filter(|(_, call)| {
            matches!(call.op, CallOp::Sync {}) && call.told.as_ref().is_some_and(|told| told.error.is_none())
        });
        let barriers: BTreeMap<usize, (Zxid, usize)> = self
            .newest_before(syncs.map(|(place, call)| (call.invoked_us, place)))
            .into_iter()
            .filter_map(|(place, newest)| Some((place, newest?)))
            .collect();
        let mut floor: BTreeMap<&str, (Zxid, usize)> = BTreeMap::new();
        let mut found = Vec::new();
        for (place, call) in self.calls.iter().enumerate() {
            if let Some(barrier) = barriers.get(&place) {
                let floor = floor.entry(&call.session).or_insert(*barrier);
                *floor = (*floor).max(*barrier);
            }
            let is_read = matches!(call.op, CallOp::Get { .. });
            let zxid = call.told.as_ref().and_then(|told| told.zxid).filter(|_| is_read);
            if let (Some(zxid), Some((least, write))) = (zxid, floor.get(&*call.session))
                && zxid < *least
            {
                let why = format!(
                    "a read behind a sync is as of {zxid}, without the write {least} before the sync"
                );
                found.push((why, vec![*write, place]));
            }
        }
        for (why, calls) in found {
            self.find(why, calls);
        }
    }

    /// The writes of each path in their order. What had no answer is placed where a read found it.
    fn lines_of_values(&mut self) -> Lines {
        let mut lines = Lines::new();
        let mut unanswered: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for (place, call) in self.calls.iter().enumerate() {
            let (Some(path), Some(leaves)) = (call.op.path(), call.op.leaves()) else { continue };
            let values = lines.entry(path.clone()).or_default();
            match (&call.told, leaves) {
                (Some(told), _) if told.error.is_some() => {}
                (Some(told), _) => {
                    if let Some(zxid) = told.place() {
                        values.writes.insert(zxid, place);
                    }
                }
                (None, leaves) => {
                    values.doubtful = Some(values.doubtful.unwrap_or(u64::MAX).min(call.invoked_us));
                    if let Some(value) = leaves {
                        unanswered.insert((path, value), place);
                    }
                }
            }
        }
        let mut found_at: BTreeMap<usize, Zxid> = BTreeMap::new();
        let mut found = Vec::new();
        for (place, call) in self.calls.iter().enumerate() {
            let (CallOp::Get { path }, Some(told)) = (&call.op, &call.told) else { continue };
            let (Some(value), Some(mzxid)) = (&told.value, told.mzxid) else { continue };
            let Some(write) = unanswered.get(&(&**path, &**value)) else { continue };
            if let Some(other) = found_at.insert(*write, mzxid).filter(|other| *other != mzxid) {
                found.push((
                    format!("one write of {path} happened at {other} and at {mzxid}"),
                    vec![*write, place],
                ));
            }
            if let Some(values) = lines.get_mut(path) {
                values.writes.insert(mzxid, *write);
            }
        }
        self.verdict.found_again = found_at.len();
        for (why, calls) in found {
            self.find(why, calls);
        }
        lines
    }

    fn values_are_of_their_moment(&mut self, lines: &Lines) {
        let mut found = Vec::new();
        for (place, call) in self.calls.iter().enumerate() {
            let (CallOp::Get { path }, Some(told)) = (&call.op, &call.told) else { continue };
            let Some(values) = lines.get(path) else { continue };
            // Without a zxid in the answer, the moment of the value itself is the latest that is certain.
            let Some(moment) = told.zxid.or(told.mzxid) else { continue };
            let newest = values.writes.range(..=moment).next_back();
            if let Some(why) = self.wrong_value(told, moment, newest, values, call.returned_us) {
                let calls = newest.map(|(_, write)| *write).into_iter().chain([place]).collect();
                found.push((format!("{path} is read {why}"), calls));
            }
        }
        for (why, calls) in found {
            self.find(why, calls);
        }
    }

    /// Why this is not what the newest write up to its moment left.
    fn wrong_value(
        &self,
        told: &Told,
        moment: Zxid,
        newest: Option<(&Zxid, &usize)>,
        values: &Values,
        returned: Option<u64>,
    ) -> Option<String> {
        let left = newest.map(|(_, write)| self.calls[*write].op.leaves().flatten());
        // A doubtful write that nobody has seen: it may have been a delete, or stand before a later one.
        let in_doubt = values.doubtful.is_some_and(|since| returned.is_none_or(|at| since < at));
        match (&told.value, told.error.as_deref()) {
            (Some(value), _) => match (newest, left.flatten()) {
                (Some((zxid, _)), _) if told.mzxid.is_some_and(|mzxid| mzxid > *zxid) => Some(format!(
                    "as of {moment} with a value of {}, which nobody wrote then",
                    told.mzxid.unwrap_or(moment)
                )),
                (Some((zxid, _)), Some(expected)) if expected != value => {
                    Some(format!("as of {moment} as {value:?}, though {zxid} had left {expected:?}"))
                }
                (Some((zxid, _)), None) if !in_doubt => {
                    Some(format!("as of {moment} as {value:?}, though {zxid} had deleted it"))
                }
                (None, _) if values.writes.values().any(|write| self.wrote(*write, value)) => {
                    Some(format!("as of {moment} as {value:?}, before that was written"))
                }
                _ => None,
            },
            (None, Some("NoNode")) if !in_doubt => match (newest, left.flatten()) {
                (Some((zxid, _)), Some(value)) => {
                    Some(format!("as of {moment} and is not there, though {zxid} had left {value:?}"))
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn wrote(&self, write: usize, value: &Arc<str>) -> bool {
        self.calls[write].op.leaves().flatten() == Some(value)
    }

    /// Versions count up from each create, and a write that expects one gets it or fails.
    fn versions_follow(&mut self, lines: &Lines) {
        let mut found = Vec::new();
        for (path, values) in lines {
            let mut before: Option<(i32, usize)> = None;
            for (zxid, place) in &values.writes {
                let call = &self.calls[*place];
                let told = call.told.as_ref().and_then(|told| told.version);
                if let CallOp::Set { version, .. } = &call.op
                    && let Some(now) = told
                {
                    if *version != -1 && now != version.wrapping_add(1) {
                        let why = format!(
                            "{path} was to be set at version {version} and has become {now} at {zxid}"
                        );
                        found.push((why, vec![*place]));
                    }
                    if let Some((was, other)) = before.filter(|(was, _)| now <= *was) {
                        let why = format!("{path} has version {was} and then, at {zxid}, {now}");
                        found.push((why, vec![other, *place]));
                    }
                }
                before = match &call.op {
                    CallOp::Create { .. } => Some((0, *place)),
                    CallOp::Delete { .. } => None,
                    _ => told.map(|now| (now, *place)).or(before),
                };
            }
        }
        let refused = self.calls.iter().enumerate().filter_map(|(place, call)| {
            let (CallOp::Set { path, version, .. }, told) = (&call.op, call.told.as_ref()?) else {
                return None;
            };
            let values = lines.get(path).filter(|values| values.doubtful.is_none())?;
            let (zxid, is_bad) = (told.zxid?, told.error.as_deref() == Some("BadVersion"));
            let (_, write) = values.writes.range(..zxid).next_back()?;
            let was = match &self.calls[*write].op {
                CallOp::Create { .. } => 0,
                _ => self.calls[*write].told.as_ref()?.version?,
            };
            let why =
                || format!("{path} has version {was}, and a write that expects it is refused at {zxid}");
            (is_bad && was == *version).then(|| (why(), vec![*write, place]))
        });
        found.extend(refused.collect::<Vec<_>>());
        // One finding a path is enough: the rest follows from it.
        let mut told: BTreeSet<String> = BTreeSet::new();
        for (why, calls) in found {
            if told.insert(why.clone()) {
                self.find(why, calls);
            }
        }
    }
}

impl Told {
    /// A write's place in the order: of those that say no zxid, the Stat tells.
    fn place(&self) -> Option<Zxid> {
        self.zxid.or(self.mzxid)
    }
}
