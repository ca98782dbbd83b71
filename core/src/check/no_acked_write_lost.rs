//! NoAckedWriteLost: a write that a client was told succeeded stays (facts 12, reliability).
//!
//! - The leader of every later epoch has it when its epoch is established.
//! - No server that has delivered something newer lacks it, now or at the end of the run.
//! - No server that has delivered it cuts it off.
//!
//! A server that has only logged it may be told to cut it off: TRUNC is chosen by what the leader has
//! committed, a quorum of others may commit the write while TRUNC travels, and the write follows it.
//!
//! While all that was delivered is one line in the order of zxids, the second holds by itself for what was
//! delivered when it was acknowledged, and of a new leader it is enough to ask for the last acknowledged
//! write. Otherwise each server is asked for each write once: when it is acknowledged, or when the server
//! passes it.

use super::Violation;
use super::event::{Event, OrderCheck};
use super::history::History;
use super::places::{Place, Told, TxnKey};
use crate::ids::{NodeId, Zxid};
use crate::trace::Record;
use crate::view::State;
use imbl::OrdMap;

/// What is acknowledged is there for good.
#[derive(Clone, Debug, Default)]
pub struct NoAckedWriteLost {
    /// Each acknowledged write, where it was delivered, and who was told so.
    kept: OrdMap<Zxid, Kept>,
    /// Acknowledged, but seen on no server.
    unseen: OrdMap<Zxid, Told>,
}

#[derive(Clone, Copy, Debug)]
struct Kept {
    txn: TxnKey,
    place: Place,
    told: Told,
}

impl OrderCheck for NoAckedWriteLost {
    fn name(&self) -> &'static str {
        "NoAckedWriteLost"
    }

    fn meaning(&self) -> &'static str {
        "A write whose client was told OK is in the history of every later leader and on every server that \
         has come that far"
    }

    fn see(&mut self, event: Event, record: &Record, history: &History) -> Option<Violation> {
        match event {
            Event::Acknowledged { client, zxid } => {
                self.on_acknowledged(zxid, Told { by: client, seq: record.seq }, record, history)
            }
            Event::Established { by, epoch } => self.on_established(by, epoch, record, history),
            Event::Delivered { place, .. } => {
                let txn = history.places.of(place).txn;
                let told = self.unseen.remove(&txn.zxid)?;
                self.kept.insert(txn.zxid, Kept { txn, place, told });
                None
            }
            Event::Advanced { by, from, to } => self.on_advanced(by, [from, to], record, history),
            Event::Truncated { by, from, to } => self.on_truncated(by, [from, to], record, history),
            _ => None,
        }
    }

    fn fork(&self) -> Box<dyn OrderCheck> {
        Box::new(self.clone())
    }
}

impl NoAckedWriteLost {
    fn on_acknowledged(
        &mut self,
        zxid: Zxid,
        told: Told,
        record: &Record,
        history: &History,
    ) -> Option<Violation> {
        let Some(place) = delivered_as(zxid, record, history) else {
            self.unseen.insert(zxid, told);
            return None;
        };
        let kept = Kept { txn: history.places.of(place).txn, place, told };
        self.kept.insert(zxid, kept);
        if history.is_one_line() {
            return None;
        }
        let (node, server) = history.servers().find(|(_, server)| {
            history.places.zxid(server.delivered) > zxid && !kept.is_in(server.delivered, history)
        })?;
        let beyond = history.places.zxid(server.delivered);
        let why = format!(
            "{} was told OK for {}, {node} is at {beyond} without it",
            told.by,
            history.words(kept.txn)
        );
        Some(Violation::new([server.moved, record.seq], why))
    }

    fn on_established(
        &self,
        by: NodeId,
        epoch: u32,
        record: &Record,
        history: &History,
    ) -> Option<Violation> {
        let has = history.server(by).delivered;
        let mut earlier = self.kept.range(..Zxid::new(epoch, 0)).map(|(_, kept)| kept);
        let is_complete = match earlier.clone().next_back() {
            Some(last) => history.is_one_line() && kept_on_the_line(last, has, history),
            None => true,
        };
        let lost = if is_complete { None } else { earlier.find(|kept| !kept.is_in(has, history)) };
        let lost = lost.map(|kept| (kept.told, history.words(kept.txn)));
        let (told, what) = lost.or_else(|| self.unseen_before(Zxid::new(epoch, 0)))?;
        let why = format!("{} was told OK for {what}, {by} leads epoch {epoch} without it", told.by);
        Some(Violation::new([told.seq, record.seq], why))
    }

    fn on_advanced(
        &self,
        by: NodeId,
        [from, to]: [Place; 2],
        record: &Record,
        history: &History,
    ) -> Option<Violation> {
        let zxid = history.places.zxid(to);
        let lost = || {
            let passed = history.places.zxid(from).next()..zxid.next();
            let mut passed = self.kept.range(passed).map(|(_, kept)| kept).filter(|_| !history.is_one_line());
            let lost = passed.find(|kept| !kept.is_in(to, history))?;
            Some((lost.told, history.words(lost.txn)))
        };
        let (told, what) = self.unseen_before(zxid).or_else(lost)?;
        let why = format!("{} was told OK for {what}, {by} applied up to {zxid} without it", told.by);
        Some(Violation::new([told.seq, record.seq], why))
    }

    fn on_truncated(
        &self,
        by: NodeId,
        [from, to]: [Place; 2],
        record: &Record,
        history: &History,
    ) -> Option<Violation> {
        let cut = history.places.path(from).take_while(|place| *place != to);
        let acknowledged = |place: Place| {
            let txn = history.places.of(place).txn;
            self.kept.get(&txn.zxid).filter(|kept| kept.txn == txn)
        };
        let lost = cut.filter_map(acknowledged).last()?;
        let why = format!(
            "{} was told OK for {}, {by} cut it off its history",
            lost.told.by,
            history.words(lost.txn)
        );
        Some(Violation::new([lost.told.seq, record.seq], why))
    }

    /// What was acknowledged though nobody had it.
    fn unseen_before(&self, zxid: Zxid) -> Option<(Told, String)> {
        self.unseen.range(..zxid).next().map(|(zxid, told)| (*told, zxid.to_string()))
    }
}

impl Kept {
    /// Whether the history at `end` has it, wherever in it.
    fn is_in(&self, end: Place, history: &History) -> bool {
        kept_on_the_line(self, end, history)
            || history.places.path(end).any(|place| history.places.of(place).txn == self.txn)
    }
}

fn kept_on_the_line(kept: &Kept, end: Place, history: &History) -> bool {
    history.places.begins_with(end, kept.place)
}

/// Where the write that a client was answered was delivered: on the server it talks to, or else anywhere.
fn delivered_as(zxid: Zxid, record: &Record, history: &History) -> Option<Place> {
    let server = match &record.view.state {
        State::Client(view) => view.server,
        _ => None,
    };
    let here = server.map(|server| history.places.back_to(history.server(server).delivered, zxid));
    here.filter(|place| history.places.zxid(*place) == zxid)
        .or_else(|| history.called(zxid).find_map(|(_, facts)| facts.delivered))
}

#[cfg(test)]
mod tests {
    use crate::check::testing::Script;

    #[test]
    fn an_acknowledged_write_survives_crashes_and_elections() {
        let mut run = Script::broadcasting(1, 3);
        run.commit(1, (1, 1), "a", &[1]);
        run.log(2, (1, 1), "a");
        run.acknowledge(1, 1, (1, 1));
        run.crash(1);
        run.establish(2, 2);
        run.commit(2, (2, 1), "b", &[2]);
        run.snap(2, 3, (2, 1));
        run.serve(3, 2);
        run.restart_losing(1, (0, 0));
        run.log(1, (1, 1), "a");
        run.apply(1, (1, 1), "a");
        run.log(1, (2, 1), "b");
        run.apply(1, (2, 1), "b");
        run.serve(1, 2);
        run.holds();
    }

    #[test]
    fn what_no_client_was_told_may_go() {
        let mut run = Script::broadcasting(1, 3);
        run.commit(1, (1, 1), "a", &[1, 2, 3]);
        run.acknowledge(1, 1, (1, 1));
        run.propose(1, (1, 2), "b");
        run.restart(1);
        run.establish(2, 2);
        run.truncate(1, (1, 1));
        run.serve(1, 2);
        run.holds();
    }

    #[test]
    fn a_later_leader_without_it_is_seen() {
        let mut run = Script::broadcasting(1, 3);
        run.commit(1, (1, 1), "a", &[1]);
        let told = run.acknowledge(1, 1, (1, 1));
        let leads = run.establish(3, 2);
        let why = run.breaks("NoAckedWriteLost", &[told, leads]);
        assert_eq!(why, "c1 was told OK for 0x100000001 (create /a), s3 leads epoch 2 without it");
    }

    #[test]
    fn a_server_that_went_on_without_it_is_seen() {
        let mut run = Script::broadcasting(1, 3);
        run.propose(1, (1, 1), "a");
        run.propose(1, (1, 2), "b");
        run.apply(1, (1, 1), "a");
        let told = run.acknowledge(1, 1, (1, 1));
        let beyond = run.apply(2, (1, 2), "b");
        let why = run.breaks("NoAckedWriteLost", &[told, beyond]);
        assert_eq!(
            why,
            "c1 was told OK for 0x100000001 (create /a), s2 applied up to 0x100000002 without it"
        );
    }

    #[test]
    fn a_server_that_had_gone_on_before_is_seen_too() {
        let mut run = Script::broadcasting(1, 3);
        run.propose(1, (1, 1), "a");
        run.propose(1, (1, 2), "b");
        let beyond = run.apply(2, (1, 2), "b");
        run.apply(1, (1, 1), "a");
        let told = run.acknowledge(1, 1, (1, 1));
        run.breaks("NoAckedWriteLost", &[beyond, told]);
    }

    #[test]
    fn a_server_that_has_it_in_another_history_has_not_lost_it() {
        let mut run = Script::broadcasting(1, 3);
        run.propose(1, (1, 1), "a");
        run.propose(1, (1, 2), "b");
        run.apply(1, (1, 1), "a");
        run.apply(1, (1, 2), "b");
        run.apply(2, (1, 2), "b");
        run.acknowledge(1, 2, (1, 2));
        run.establish(2, 2);
        let violations = run.violations();
        assert!(violations.iter().any(|(name, _)| *name == "TotalOrder"), "{violations:?}");
        assert!(violations.iter().all(|(name, _)| *name != "NoAckedWriteLost"), "{violations:?}");
    }

    #[test]
    fn a_truncation_overtaken_by_the_commit_is_fine() {
        let mut run = Script::broadcasting(1, 3);
        run.propose(1, (1, 1), "a");
        run.log(2, (1, 1), "a");
        run.restart(2);
        // The leader chooses TRUNC for s2 here; before it arrives the others commit.
        run.apply(1, (1, 1), "a");
        run.acknowledge(1, 1, (1, 1));
        run.truncate(2, (0, 0));
        run.apply(2, (1, 1), "a");
        run.serve(2, 1);
        run.holds();
    }

    #[test]
    fn to_cut_it_off_is_seen() {
        let mut run = Script::broadcasting(1, 3);
        run.commit(1, (1, 1), "a", &[1, 2]);
        let told = run.acknowledge(1, 2, (1, 1));
        run.look(2);
        let cut = run.truncate(2, (0, 0));
        let why = run.breaks("NoAckedWriteLost", &[told, cut]);
        assert_eq!(why, "c1 was told OK for 0x100000001 (create /a), s2 cut it off its history");
    }

    #[test]
    fn an_answer_out_of_nowhere_is_seen_when_others_go_on() {
        let mut run = Script::broadcasting(1, 3);
        let told = run.acknowledge(1, 1, (1, 1));
        run.propose(1, (1, 2), "b");
        let beyond = run.apply(1, (1, 2), "b");
        let why = run.breaks("NoAckedWriteLost", &[told, beyond]);
        assert_eq!(why, "c1 was told OK for 0x100000001, s1 applied up to 0x100000002 without it");
    }
}
