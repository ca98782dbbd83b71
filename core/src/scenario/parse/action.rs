//! Actions, such as `Crash("leader")`.

use super::values::Wanted;
use super::{Bound, Reader, Signature, names};
use crate::action::{Action, LinkRef, Lose, MessageRef, Outside};
use crate::scenario::Target;
use crate::scenario::raw::Piece;
use std::collections::BTreeSet;

/// Every action as it is written; what has a `?` may be left out.
pub(super) const ACTIONS: [&str; 33] = [
    "Start(node)",
    "Crash(node, lose?)",
    "Restart(node)",
    "Pause(node)",
    "Resume(node)",
    "ClockSpeed(node, percent)",
    "DiskSpeed(node, percent)",
    "WipeDisk(node)",
    "Cut(a, b)",
    "CutOneWay(from, to)",
    "Heal(a, b)",
    "Partition(groups)",
    "Isolate(node)",
    "HealAll",
    "Reset(a, b)",
    "SlowLink(a, b, percent)",
    "Hold(from, to)",
    "Release(from, to)",
    "Loss(percent)",
    "Duplication(percent)",
    "Latency(ms)",
    "Deliver(from, to, nth?)",
    "Drop(from, to, nth?)",
    "Duplicate(from, to, nth?)",
    "HoldMessage(from, to, nth?)",
    "FireTimer(node, timer)",
    "EndFsync(node)",
    "Request(client, op)",
    "Recipe(client, recipe)",
    "Connect(client, server)",
    "Dial(client, server)",
    "Bytes(client, hex)",
    "HangUp(client)",
];

/// The word of every action.
pub fn action_words() -> impl Iterator<Item = &'static str> + Clone {
    ACTIONS.iter().map(|text| Signature::of(text).name)
}

/// The words for what a crash does to pending writes.
const LOSE: [(&str, Lose); 3] =
    [("Pending", Lose::Pending), ("Torn", Lose::Torn), ("Nothing", Lose::Nothing)];

impl<'a> Reader<'a> {
    /// An intervention.
    pub fn action(&mut self, piece: Piece<'a>) -> Option<Action<Target>> {
        let call = self.call(piece, "an action", &ACTIONS)?;
        let one = |reader: &mut Self, wanted| reader.target(call.arg("node")?, wanted);
        Some(match call.name {
            "Start" => Action::Start(one(self, Wanted::Any)?),
            "Crash" => {
                let (node, lose) = (one(self, Wanted::Any), self.lose(call.arg("lose")));
                Action::Crash(node?, lose?)
            }
            "Restart" => Action::Restart(one(self, Wanted::Any)?),
            "Pause" => Action::Pause(one(self, Wanted::Any)?),
            "Resume" => Action::Resume(one(self, Wanted::Any)?),
            "ClockSpeed" => {
                let (node, percent) = (one(self, Wanted::Any), self.speed_of(&call));
                Action::ClockSpeed(node?, percent?)
            }
            "DiskSpeed" => {
                let (node, percent) = (one(self, Wanted::Server), self.speed_of(&call));
                Action::DiskSpeed(node?, percent?)
            }
            "WipeDisk" => Action::WipeDisk(one(self, Wanted::Server)?),
            "Isolate" => Action::Isolate(one(self, Wanted::Any)?),
            "EndFsync" => Action::EndFsync(one(self, Wanted::Server)?),
            "FireTimer" => {
                let known = names::timers(self.cast.protocol);
                let node = one(self, Wanted::Any);
                let timer = call.arg("timer").and_then(|timer| self.known_text(timer, "timer", known));
                Action::FireTimer(node?, timer?.into())
            }
            "Partition" => Action::Partition(self.sides(call.arg("groups")?)?),
            "HealAll" => Action::HealAll,
            "Loss" => Action::Loss(self.percent(call.arg("percent")?)?),
            "Duplication" => Action::Duplication(self.percent(call.arg("percent")?)?),
            "Latency" => {
                let (low, high) = self.ms_range(call.arg("ms")?)?;
                Action::Latency(low, high)
            }
            "Request" => {
                let client = call.arg("client").and_then(|piece| self.target(piece, Wanted::Client));
                let op = call.arg("op").and_then(|piece| self.op(piece));
                Action::Request(client?, op?)
            }
            "Recipe" => {
                let client = call.arg("client").and_then(|piece| self.target(piece, Wanted::Client));
                let recipe = call.arg("recipe").and_then(|piece| self.recipe(piece));
                Action::Recipe(client?, recipe?.into())
            }
            "Connect" => {
                let client = call.arg("client").and_then(|piece| self.target(piece, Wanted::Client));
                let server = call.arg("server").and_then(|piece| self.target(piece, Wanted::Server));
                Action::Connect(client?, server?)
            }
            "Dial" | "Bytes" | "HangUp" => return self.outside_action(&call),
            _ => return self.link_action(&call),
        })
    }

    /// What a program outside did on its connection, as a live run saved it.
    fn outside_action(&mut self, call: &Bound<'a>) -> Option<Action<Target>> {
        let client = call.arg("client").and_then(|piece| self.target(piece, Wanted::Client));
        let what = match call.name {
            "Dial" => Outside::Dial(self.target(call.arg("server")?, Wanted::Server)?),
            "Bytes" => Outside::Bytes(self.hex(call.arg("hex")?)?.into()),
            _ => Outside::HangUp,
        };
        Some(Action::Outside(client?, what))
    }

    /// The actions that are about two nodes.
    fn link_action(&mut self, call: &Bound<'a>) -> Option<Action<Target>> {
        let ends = if call.arg("a").is_some() { ("a", "b") } else { ("from", "to") };
        let from = call.arg(ends.0).and_then(|piece| self.target(piece, Wanted::Any));
        let to = call.arg(ends.1).and_then(|piece| self.target(piece, Wanted::Any));
        let nth = self.nth(call.arg("nth"));
        let percent = if call.name == "SlowLink" { self.speed_of(call) } else { None };
        let (from, to) = (from?, to?);
        if let Some(piece) = call.arg(ends.1).filter(|_| from == to) {
            self.problem(piece.0, format!("{to} stands at both ends"), "expected two nodes");
            return None;
        }
        Some(match call.name {
            "Cut" => Action::Cut(from, to),
            "CutOneWay" => Action::CutOneWay(from, to),
            "Heal" => Action::Heal(from, to),
            "Reset" => Action::Reset(from, to),
            "SlowLink" => Action::SlowLink(from, to, percent?),
            "Hold" => Action::Hold(LinkRef { from, to }),
            "Release" => Action::Release(LinkRef { from, to }),
            "Deliver" => Action::Deliver(MessageRef { from, to, nth: nth? }),
            "Drop" => Action::Drop(MessageRef { from, to, nth: nth? }),
            "Duplicate" => Action::Duplicate(MessageRef { from, to, nth: nth? }),
            "HoldMessage" => Action::HoldMessage(MessageRef { from, to, nth: nth? }),
            // Every signature has its arm: the round trip of all actions tests it.
            _ => return None,
        })
    }

    fn lose(&mut self, piece: Option<Piece<'a>>) -> Option<Lose> {
        piece.map_or(Some(Lose::default()), |piece| self.word(piece, "kind of loss", &LOSE))
    }

    fn speed_of(&mut self, call: &Bound<'a>) -> Option<u32> {
        self.speed(call.arg("percent")?)
    }

    /// The sides of a partition; nobody can be on two of them.
    fn sides(&mut self, piece: Piece<'a>) -> Option<Vec<Vec<Target>>> {
        let before = self.problems.len();
        let sides = self.list(piece, "groups, such as [[\"s1\", \"s2\"], [\"s3\"]],")?;
        let mut seen = BTreeSet::new();
        let mut groups = Vec::new();
        for side in sides {
            let names = self.list(side, "nodes").unwrap_or_default();
            let mut group = Vec::new();
            for name in names {
                let Some(node) = self.target(name, Wanted::Any) else { continue };
                if !seen.insert(node) {
                    self.problem(name.0, format!("{node} stands in two groups"), "expected each node once");
                }
                group.push(node);
            }
            groups.push(group);
        }
        (self.problems.len() == before).then_some(groups)
    }
}
