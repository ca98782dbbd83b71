//! Where there are no sockets nobody connects: what stands in for [`crate::gateway::Live`] in a browser.

use crossbeam_channel::Receiver;
use std::net::SocketAddr;
use zoolab_core::action::Action;
use zoolab_core::lab::Lab;
use zoolab_core::scenario::Scenario;
use zoolab_core::time::Time;
use zoolab_core::trace::{BranchId, Record};

/// There is none.
#[derive(Debug)]
pub(crate) enum Live {}

impl Live {
    pub(crate) fn open(
        _: &Scenario,
        _: BranchId,
        _: Time,
        _: Option<u16>,
    ) -> Result<(Self, Vec<SocketAddr>), &'static str> {
        Err("real clients cannot connect to a program in a browser")
    }

    pub(crate) fn branch(&self) -> BranchId {
        match *self {}
    }

    pub(crate) fn connected(&self) -> usize {
        match *self {}
    }

    pub(crate) fn events(&self) -> &Receiver<()> {
        match *self {}
    }

    pub(crate) fn welcome(&mut self, _: &mut Lab) -> (Vec<Record>, bool) {
        match *self {}
    }

    pub(crate) fn act(&mut self, _: &mut Lab, _: Action) -> Vec<Record> {
        match *self {}
    }

    pub(crate) fn happened(&mut self, _: &mut Lab, _: &mut Vec<Record>, _: Time) {
        match *self {}
    }

    pub(crate) fn flush(&mut self) {
        match *self {}
    }

    pub(crate) fn close(self, _: &mut Lab) -> Vec<Record> {
        match self {}
    }
}
