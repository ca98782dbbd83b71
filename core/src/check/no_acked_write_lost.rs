//! NoAckedWriteLost: a write that a client was told succeeded stays (facts 12, reliability).
//!
//! - The leader of every later epoch has it when its epoch is established.
//! - No server that has delivered something newer lacks it, now or at the end of the run.
//! - No server cuts it off.
//!
//! While delivered histories have not parted, the second holds for all that was delivered when it was
//! acknowledged, and what was acknowledged last is the only thing to ask a new leader for.

use super::event::{Event, OrderCheck};
use super::history::History;
use super::places::{Place, Told};
use super::Violation;
use crate::ids::{NodeId, Zxid};
use crate::trace::Record;
use crate::view::State;
use imbl::OrdMap;

/// What is acknowledged is there for good.
#[derive(Clone, Debug, Default)]
pub struct NoAckedWriteLost {
    /// Where each acknowledged write was delivered, and who was told so.
    kept: OrdMap<Zxid, (Place, Told)>,
    /// Acknowledged, but seen on no server.
    unseen: OrdMap<Zxid, Told>,
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
                let zxid = history.places.zxid(place);
                let told = self.unseen.remove(&zxid)?;
                self.kept.insert(zxid, (place, told));
                None
            }
            Event::Advanced { by, to, .. } => self.on_advanced(by, to, record, history),
            Event::Truncated { by, from, to } => self.on_truncated(by, [from, to], record, history),
            _ => None,
        }
    }

    fn fork(&self) -> Box<dyn OrderCheck> {
        Box::new(self.clone())
    }
}

impl NoAckedWriteLost {
    fn on_acknowledged(&mut self, zxid: Zxid, told: Told, record: &Record, history: &History) -> Option<Violation> {
        let Some(place) = delivered_as(zxid, record, history) else {
            self.unseen.insert(zxid, told);
            return None;
        };
        self.kept.insert(zxid, (place, told));
        if !history.is_forked() {
            return None;
        }
        let lacks = |(_, server): &(NodeId, super::history::Server)| {
            history.places.zxid(server.delivered) > zxid && !history.places.begins_with(server.delivered, place)
        };
        let (node, server) = history.servers().find(lacks)?;
        let beyond = history.places.zxid(server.delivered);
        let why = format!("{} was told OK for {}, {node} is at {beyond} without it", told.by, words(place, history));
        Some(Violation::new([server.moved, record.seq], why))
    }

    fn on_established(&self, by: NodeId, epoch: u32, record: &Record, history: &History) -> Option<Violation> {
        let has = history.server(by).delivered;
        let limit = Zxid::new(epoch, 0);
        let earlier = self.kept.range(..limit).rev();
        let lost = earlier.take_while(|(_, (place, _))| !history.places.begins_with(has, *place)).last();
        let lost = lost.map(|(_, (place, told))| (*told, words(*place, history)));
        let unseen = self.unseen.range(..limit).next().map(|(zxid, told)| (*told, zxid.to_string()));
        let (told, what) = lost.or(unseen)?;
        let why = format!("{} was told OK for {what}, {by} leads epoch {epoch} without it", told.by);
        Some(Violation::new([told.seq, record.seq], why))
    }

    fn on_advanced(&self, by: NodeId, to: Place, record: &Record, history: &History) -> Option<Violation> {
        let zxid = history.places.zxid(to);
        let unseen = self.unseen.range(..zxid).next().map(|(zxid, told)| (*told, zxid.to_string()));
        let lost = || {
            let (_, (place, told)) = self.kept.range(..=zxid).next_back().filter(|_| history.is_forked())?;
            (!history.places.begins_with(to, *place)).then(|| (*told, words(*place, history)))
        };
        let (told, what) = unseen.or_else(lost)?;
        let why = format!("{} was told OK for {what}, {by} applied up to {zxid} without it", told.by);
        Some(Violation::new([told.seq, record.seq], why))
    }

    fn on_truncated(&self, by: NodeId, cut: [Place; 2], record: &Record, history: &History) -> Option<Violation> {
        let [from, to] = cut;
        let (kept, last) = (history.places.zxid(to), history.places.zxid(from));
        let cut = self.kept.range(kept.next()..last.next());
        let (_, (place, told)) = cut.into_iter().find(|(_, (place, _))| history.places.begins_with(from, *place))?;
        let why = format!("{} was told OK for {}, {by} cut it off its history", told.by, words(*place, history));
        Some(Violation::new([told.seq, record.seq], why))
    }
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

fn words(place: Place, history: &History) -> String {
    history.words(history.places.of(place).txn)
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
        assert_eq!(why, "c1 was told OK for 0x100000001 (create /a), s2 applied up to 0x100000002 without it");
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
