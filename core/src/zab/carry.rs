//! The client's hands of the recipes: it hands in what happens, and carries out what they want.

use super::client::Client;
use super::message::Message;
use super::{Out, Timer};
use crate::ids::{NodeId, Zxid};
use crate::milestone::Milestone;
use crate::program::host::{Deed, Moment, Ticket, Wait};
use crate::program::{Session, Work};
use crate::recipe::Recipe;
use crate::request::{EventKind, Outcome};
use std::sync::Arc;

impl Client {
    fn moment(&self, out: &Out) -> Moment {
        Moment { now: out.now(), dice: out.dice(), session: self.session() }
    }

    /// A recipe is asked for, or ordered to end.
    pub(super) fn begin(&mut self, recipe: &Recipe, out: &mut Out) {
        let deeds = self.host.begin(recipe, self.moment(out));
        self.carry_out(deeds, out);
    }

    /// A recipe's question has its answer.
    pub(super) fn answer(&mut self, ticket: Ticket, outcome: &Outcome, zxid: Zxid, out: &mut Out) {
        let deeds = self.host.told(ticket, outcome, zxid, self.moment(out));
        self.carry_out(deeds, out);
    }

    /// A watch has fired.
    pub(super) fn event(&mut self, kind: EventKind, path: &Arc<str>, out: &mut Out) {
        let deeds = self.host.event(kind, path, self.moment(out));
        self.carry_out(deeds, out);
    }

    /// Another client says something.
    pub(super) fn work(&mut self, from: NodeId, work: &Work, out: &mut Out) {
        let deeds = self.host.work(from, work, self.moment(out));
        self.carry_out(deeds, out);
    }

    /// A recipe has waited long enough.
    pub(super) fn waited(&mut self, wait: Wait, out: &mut Out) {
        let deeds = self.host.waited(wait, self.moment(out));
        self.carry_out(deeds, out);
    }

    /// The connection is lost; from now on the session may be over without anybody telling.
    pub(super) fn suspended(&mut self, out: &mut Out) {
        if self.host.is_busy() {
            out.arm(Timer::Suspended, self.timeout());
            self.session_is(Session::Suspended, out);
        }
    }

    /// Connected, for the first time or again.
    pub(super) fn reconnected(&mut self, out: &mut Out) {
        out.disarm(Timer::Suspended);
        self.session_is(Session::Reconnected, out);
    }

    /// The session is over, and a new one is to begin.
    pub(super) fn session_lost(&mut self, out: &mut Out) {
        out.disarm(Timer::Suspended);
        self.session_is(Session::Lost, out);
    }

    /// Not connected for a session's lifetime: Curator calls it LOST and begins a new session (facts 11).
    pub(super) fn give_up_session(&mut self, out: &mut Out) {
        out.milestone(Milestone::Disconnected("not connected for as long as its session lives".into()));
        self.renew(out);
    }

    fn session_is(&mut self, session: Session, out: &mut Out) {
        let deeds = self.host.session(session, self.moment(out));
        self.carry_out(deeds, out);
    }

    fn carry_out(&mut self, deeds: Vec<Deed>, out: &mut Out) {
        for deed in deeds {
            match deed {
                Deed::Issue(ticket, op) => {
                    out.request(op.clone());
                    self.on_request(op, Some(ticket), out);
                }
                Deed::Wait(wait, span) => out.arm(Timer::Recipe(wait), span),
                Deed::StopWaiting(wait) => out.disarm(Timer::Recipe(wait)),
                Deed::Say(milestone) => out.milestone(milestone),
                Deed::Tell(to, work) => out.send(to, Message::Work(work)),
                Deed::Refuse(why) => out.ignore(why),
            }
        }
        self.host.settle();
    }
}
