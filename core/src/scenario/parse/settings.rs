//! The network, the disks and the settings of each protocol.

use super::Reader;
use super::values::Wanted;
use crate::ids::NodeId;
use crate::scenario::raw::{Piece, Shape};
use crate::scenario::{
    CommitSpec, DiskSpec, GeneralsSpec, NetSpec, PaxosSpec, ProtocolName, RegistrySpec, ZabSpec,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the network can be given before the run begins.
pub(super) const NET: [&str; 3] = ["Latency(ms)", "Loss(percent)", "Duplication(percent)"];

/// The fields of `disk`.
pub(super) const DISK: [&str; 1] = ["(fsync_ms?)"];

/// The fields of `zab`.
pub(super) const ZAB: [&str; 1] =
    ["(tick_ms?, init_limit?, sync_limit?, snap_count?, autopurge?, commit_log_count?, log_sync?, \
     counter_limit?, session_timeout_ms?, groups?, weights?, container_check_ms?, super_digest?, \
     enforce_quota?, wall_ms?)"];

/// The fields of `commit`.
pub(super) const COMMIT: [&str; 1] =
    ["(vote_timeout_ms?, doubt_timeout_ms?, cooperative?, substitute?, refuses?)"];

/// The fields of `paxos`.
pub(super) const PAXOS: [&str; 1] = ["(single?, distinguished?, retry_ms?, heartbeat_ms?, takeover_ms?)"];

/// The fields of `generals`.
pub(super) const GENERALS: [&str; 1] = ["(confirmations?, messengers?, dawn_ms?)"];

/// The fields of `registry`.
pub(super) const REGISTRY: [&str; 1] = ["(gossip_ms?, lease_ms?)"];

/// The end of the year 9999: the latest wall clock that can be told.
const WALL_MAX_MS: u64 = 253_402_300_799_999;

impl<'a> Reader<'a> {
    /// The network: a list of its properties, each at most once.
    pub(in crate::scenario) fn net(&mut self, piece: Piece<'a>) -> NetSpec {
        let mut net = NetSpec::default();
        let mut seen = Vec::new();
        for rule in self.list(piece, "properties, such as Latency(ms: (2, 8)),").unwrap_or_default() {
            let Some(call) = self.call(rule, "a property of the network", &NET) else { continue };
            if seen.contains(&call.name) {
                self.problem(rule.0, format!("`{}` is said twice", call.name), "expected it once");
            }
            seen.push(call.name);
            let value = call.arg("ms").or_else(|| call.arg("percent"));
            match (call.name, value) {
                ("Latency", Some(ms)) => net.latency = self.ms_range(ms).unwrap_or(net.latency),
                ("Loss", Some(percent)) => net.loss_percent = self.percent(percent).unwrap_or_default(),
                (_, Some(percent)) => net.duplicate_percent = self.percent(percent).unwrap_or_default(),
                (_, None) => {}
            }
        }
        net
    }

    /// The disks.
    pub(in crate::scenario) fn disk(&mut self, piece: Piece<'a>) -> DiskSpec {
        let mut disk = DiskSpec::default();
        if let Some(range) = self.fields(piece, DISK[0]).and_then(|call| call.arg("fsync_ms")) {
            disk.fsync = self.ms_range(range).unwrap_or(disk.fsync);
        }
        disk
    }

    /// ZooKeeper's settings. Where one is wrong its default stands in, so that the rest can be read.
    pub(in crate::scenario) fn zab(&mut self, piece: Piece<'a>, voters: &[NodeId]) -> ZabSpec {
        let mut zab = ZabSpec::default();
        let Some(call) = self.fields(piece, ZAB[0]) else { return zab };
        for (name, field) in [
            ("tick_ms", &mut zab.tick),
            ("session_timeout_ms", &mut zab.session_timeout),
            ("container_check_ms", &mut zab.container_check),
        ] {
            if let Some(ms) = call.arg(name).and_then(|ms| self.positive_ms(ms)) {
                *field = ms;
            }
        }
        for (name, field, least) in [
            ("init_limit", &mut zab.init_limit, 1),
            ("sync_limit", &mut zab.sync_limit, 1),
            ("snap_count", &mut zab.snap_count, 1),
            ("commit_log_count", &mut zab.commit_log_count, 0),
            ("counter_limit", &mut zab.counter_limit, 1),
        ] {
            *field = self.whole_or(call.arg(name), least..=u32::MAX, *field).unwrap_or(*field);
        }
        for (name, field) in [
            ("log_sync", &mut zab.log_sync),
            ("autopurge", &mut zab.autopurge),
            ("enforce_quota", &mut zab.enforce_quota),
        ] {
            if let Some(flag) = call.arg(name).and_then(|flag| self.flag(flag)) {
                *field = flag;
            }
        }
        if let Some(ms) = call.arg("wall_ms").and_then(|ms| self.whole(ms, 0..=WALL_MAX_MS)) {
            zab.wall_ms = ms;
        }
        if let Some(digest) = call.arg("super_digest") {
            zab.super_digest = self.text(digest, "a digest, such as \"super:HASH\",").map(Arc::from);
        }
        if let Some(groups) = call.arg("groups") {
            zab.groups = self.groups_of(groups, voters);
        }
        if let Some(weights) = call.arg("weights") {
            zab.weights = self.per_voter(weights, u64::from(u32::MAX), voters, "weight");
            if call.arg("groups").is_none() {
                let expected = "expected `groups` as well: a majority counts heads";
                self.problem(weights.0, "weights without groups mean nothing", expected);
            }
        }
        zab
    }

    /// Settings of a commit protocol.
    pub(in crate::scenario) fn commit(&mut self, piece: Piece<'a>) -> CommitSpec {
        let mut spec = CommitSpec::default();
        let Some(call) = self.fields(piece, COMMIT[0]) else { return spec };
        for (name, field) in
            [("vote_timeout_ms", &mut spec.vote_timeout), ("doubt_timeout_ms", &mut spec.doubt_timeout)]
        {
            if let Some(ms) = call.arg(name).and_then(|ms| self.positive_ms(ms)) {
                *field = ms;
            }
        }
        for (name, field) in [("cooperative", &mut spec.cooperative), ("substitute", &mut spec.substitute)] {
            if let Some(flag) = call.arg(name).and_then(|flag| self.flag(flag)) {
                *field = flag;
            }
        }
        // Another protocol was told already that it reads none of these settings.
        let protocol = self.cast.protocol;
        for (option, other, reader) in [
            ("cooperative", ProtocolName::ThreePhase, ProtocolName::TwoPhase),
            ("substitute", ProtocolName::TwoPhase, ProtocolName::ThreePhase),
        ] {
            if let Some(piece) = call.arg(option).filter(|_| !self.compares && protocol == other) {
                let what = format!("`{option}` means nothing to {}", other.word());
                self.problem(piece.0, what, format!("expected it with `protocol: {}` only", reader.word()));
            }
        }
        if let Some(refuses) = call.arg("refuses") {
            spec.refuses = self.refuses(refuses);
        }
        spec
    }

    /// `{"s3": "/b"}`: a path that a site refuses to write.
    fn refuses(&mut self, piece: Piece<'a>) -> BTreeMap<NodeId, Arc<str>> {
        let mut refuses = BTreeMap::new();
        let Some(Shape::Map(entries)) = piece.shape() else {
            self.mismatch(piece, "paths that servers refuse to write, such as {\"s3\": \"/b\"}");
            return refuses;
        };
        for (key, value) in entries {
            let (node, path) = (self.node(key, Wanted::Server), self.path(value, false));
            let (Some(node), Some(path)) = (node, path) else { continue };
            if refuses.insert(node, path).is_some() {
                self.problem(key.0, format!("{node} stands twice"), "expected each server once");
            }
        }
        refuses
    }

    /// Settings of Paxos.
    pub(in crate::scenario) fn paxos(&mut self, piece: Piece<'a>) -> PaxosSpec {
        let mut spec = PaxosSpec::default();
        let Some(call) = self.fields(piece, PAXOS[0]) else { return spec };
        for (name, field) in [("single", &mut spec.single), ("distinguished", &mut spec.distinguished)] {
            if let Some(flag) = call.arg(name).and_then(|flag| self.flag(flag)) {
                *field = flag;
            }
        }
        for (name, field) in [("retry_ms", &mut spec.retry), ("takeover_ms", &mut spec.takeover)] {
            if let Some(range) = call.arg(name).and_then(|range| self.ms_range(range)) {
                *field = range;
            }
        }
        if let Some(ms) = call.arg("heartbeat_ms").and_then(|ms| self.positive_ms(ms)) {
            spec.heartbeat = ms;
        }
        spec
    }

    /// Settings of the two generals.
    pub(in crate::scenario) fn generals(&mut self, piece: Piece<'a>) -> GeneralsSpec {
        let mut spec = GeneralsSpec::default();
        let Some(call) = self.fields(piece, GENERALS[0]) else { return spec };
        for (name, field, least) in
            [("confirmations", &mut spec.confirmations, 0), ("messengers", &mut spec.messengers, 1)]
        {
            *field = self.whole_or(call.arg(name), least..=100, *field).unwrap_or(*field);
        }
        if let Some(ms) = call.arg("dawn_ms").and_then(|ms| self.positive_ms(ms)) {
            spec.dawn = ms;
        }
        spec
    }

    /// Settings of the registry.
    pub(in crate::scenario) fn registry(&mut self, piece: Piece<'a>) -> RegistrySpec {
        let mut spec = RegistrySpec::default();
        let Some(call) = self.fields(piece, REGISTRY[0]) else { return spec };
        for (name, field) in [("gossip_ms", &mut spec.gossip), ("lease_ms", &mut spec.lease)] {
            if let Some(ms) = call.arg(name).and_then(|ms| self.positive_ms(ms)) {
                *field = ms;
            }
        }
        spec
    }

    /// `{"s1": 1, …}`: a number for voters.
    fn per_voter<T: TryFrom<u64>>(
        &mut self,
        piece: Piece<'a>,
        most: u64,
        voters: &[NodeId],
        kind: &str,
    ) -> BTreeMap<NodeId, T> {
        let mut numbers = BTreeMap::new();
        let Some(Shape::Map(entries)) = piece.shape() else {
            self.mismatch(piece, &format!("a {kind} for voters, such as {{\"s1\": 1}}"));
            return numbers;
        };
        for (key, value) in entries {
            let node = self.node(key, Wanted::Server);
            let number = self.whole(value, 0..=most).and_then(|number| T::try_from(number).ok());
            let (Some(node), Some(number)) = (node, number) else { continue };
            if !voters.contains(&node) && self.cast.servers.is_some() {
                self.problem(key.0, format!("{node} is an observer"), "expected a server that votes");
            } else if numbers.insert(node, number).is_some() {
                self.problem(key.0, format!("{node} stands twice"), "expected each server once");
            }
        }
        numbers
    }

    /// A hierarchical quorum knows a group for every voter.
    fn groups_of(&mut self, piece: Piece<'a>, voters: &[NodeId]) -> BTreeMap<NodeId, u8> {
        let before = self.problems.len();
        let groups = self.per_voter(piece, u64::from(u8::MAX), voters, "group");
        let missing: Vec<String> =
            voters.iter().filter(|voter| !groups.contains_key(voter)).map(ToString::to_string).collect();
        if !missing.is_empty() && self.problems.len() == before {
            let what = format!("no group is given for {}", missing.join(", "));
            self.problem(piece.0, what, "expected a group for every server that votes");
        }
        groups
    }
}
