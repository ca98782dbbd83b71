//! Real clients on a branch: letting them in, taking in what they do, telling them what they are told.

use super::{Engine, Live, answer_records};
use crate::channel::Answer;
#[cfg(not(target_family = "wasm"))]
use crossbeam_channel::{Receiver, never};
use zoolab_core::action::Action;
use zoolab_core::scenario::Target;
use zoolab_core::trace::BranchId;

impl Engine {
    pub(super) fn let_in(&mut self, branch: BranchId, first: Option<u16>) {
        self.lock_out();
        let Some(lab) = &self.lab else {
            return self.answers.push_back(Answer::Problem("no scenario is loaded".to_owned()));
        };
        let Some(head) = lab.head(branch) else {
            return self.answers.push_back(Answer::Problem(format!("there is no branch {}", branch.0)));
        };
        match Live::open(lab.scenario(), branch, head.now(), first) {
            Ok((live, hosts)) => {
                self.live = Some(live);
                self.answers.push_back(Answer::Open { branch, hosts });
            }
            Err(why) => self.answers.push_back(Answer::Problem(why.to_string())),
        }
    }

    pub(super) fn lock_out(&mut self) {
        let (Some(live), Some(lab)) = (self.live.take(), &mut self.lab) else { return };
        let branch = live.branch();
        let records = live.close(lab);
        answer_records(branch, records, &mut self.answers);
        self.connected = 0;
        self.answers.push_back(Answer::Shut);
    }

    pub(super) fn act_now(&mut self, branch: BranchId, action: Action<Target>) {
        let name = action.to_string();
        let mut done = Err(format!("cannot {name}: nobody is connected to branch {}", branch.0));
        self.on_lab(|lab, live, answers| {
            let stage = lab.head(branch).map(zoolab_core::world::World::stage);
            let resolved = stage.map(|stage| action.map(|target| stage.resolve(target)));
            done = match (super::on(live, branch), resolved) {
                (Some(live), Some(Ok(action))) => {
                    answer_records(branch, live.act(lab, action), answers);
                    Ok(())
                }
                (Some(_), Some(Err(why))) => Err(format!("cannot {name}: {why}")),
                _ => return,
            };
        });
        if let Err(why) = done {
            self.answers.push_back(Answer::Problem(why));
        }
    }

    /// Takes in what programs have done. Whether there may be more.
    pub(super) fn welcome(&mut self) -> bool {
        let mut more = false;
        if self.live.is_some() {
            self.on_lab(|lab, live, answers| {
                let Some(live) = live else { return };
                let (records, goes_on) = live.welcome(lab);
                answer_records(live.branch(), records, answers);
                more = goes_on;
            });
        }
        more
    }

    /// Writes to programs what they were told, and tells the window how many there are.
    pub(super) fn flush(&mut self) {
        let Some(live) = &mut self.live else { return };
        live.flush();
        if live.connected() != self.connected {
            self.connected = live.connected();
            self.answers.push_back(Answer::Connected(self.connected));
        }
    }

    /// What is to be waited for besides asks.
    #[cfg(not(target_family = "wasm"))]
    pub(super) fn events(&self) -> Receiver<crate::gateway::Event> {
        self.live.as_ref().map_or_else(never, |live| live.events().clone())
    }
}
