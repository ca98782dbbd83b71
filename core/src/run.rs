//! From a scenario to a running simulation: the one place that names every protocol.

use crate::commit;
use crate::generals::{self, Generals};
use crate::paxos::{self, Paxos};
use crate::registry::{self, Registry};
use crate::scenario::{ProtocolName, Scenario};
use crate::sim::{Limits, Run, Setup, Sim};
use crate::three_phase::ThreePhase;
use crate::two_phase::TwoPhase;
use crate::zab::{self, Zab};

/// A simulation of the scenario's protocol at time 0.
pub fn build(scenario: &Scenario, limits: Limits) -> Box<dyn Run> {
    match scenario.protocol {
        ProtocolName::Zab => Box::new(Sim::<Zab>::new(setup(scenario, zab::Config::of(scenario), limits))),
        ProtocolName::TwoPhase => {
            Box::new(Sim::<TwoPhase>::new(setup(scenario, commit::Config::of(scenario), limits)))
        }
        ProtocolName::ThreePhase => {
            Box::new(Sim::<ThreePhase>::new(setup(scenario, commit::Config::of(scenario), limits)))
        }
        ProtocolName::Paxos => {
            Box::new(Sim::<Paxos>::new(setup(scenario, paxos::Config::of(scenario), limits)))
        }
        ProtocolName::Generals => {
            Box::new(Sim::<Generals>::new(setup(scenario, generals::Config::of(scenario), limits)))
        }
        ProtocolName::Registry => {
            Box::new(Sim::<Registry>::new(setup(scenario, registry::Config::of(scenario), limits)))
        }
    }
}

fn setup<P: crate::protocol::Protocol>(scenario: &Scenario, config: P::Config, limits: Limits) -> Setup<P> {
    Setup {
        nodes: scenario.nodes(),
        config,
        // A program outside comes when it wants to.
        absent: scenario.absent.iter().copied().chain(scenario.remote_nodes()).collect(),
        seed: scenario.seed,
        latency: scenario.net.latency,
        loss_percent: scenario.net.loss_percent,
        duplicate_percent: scenario.net.duplicate_percent,
        fsync: scenario.disk.fsync,
        limits,
    }
}
