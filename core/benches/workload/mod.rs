//! The workload of the figures: five servers, one client that pipelines writes, checks and trace on.

use std::sync::Arc;
use zoolab_core::action::Action;
use zoolab_core::ids::NodeId;
use zoolab_core::request::{CreateMode, Op};
use zoolab_core::scenario::{Scenario, Step, Target, Trigger, load};
use zoolab_core::time::Time;

/// What the writes are.
#[derive(Clone, Copy, Debug)]
pub enum Writes {
    /// A hundred znodes are made, then their data is set again and again.
    SetData,
    /// Each write makes a znode of its own, all under one parent.
    Create,
}

/// Five servers and `count` writes, one every two milliseconds, from 1.5 s on.
pub fn scenario(count: u64, writes: Writes) -> Arc<Scenario> {
    let text = "(name: \"bench\", servers: 5, clients: [\"s5\"], until_ms: 60000)";
    let mut scenario = load("bench", text).unwrap_or_else(|problems| panic!("{problems}"));
    let client = Target::Node(NodeId::Client(1));
    scenario.steps = (0..count)
        .map(|n| {
            let op = match writes {
                Writes::SetData if n >= 100 => {
                    let path = format!("/n{}", n % 100).into();
                    Op::SetData { path, data: Some("value".into()), version: -1 }
                }
                Writes::SetData | Writes::Create => {
                    let path = format!("/n{n}");
                    Op::create(path, Some("value".into()), CreateMode::Persistent)
                }
            };
            let trigger = Trigger::At(Time::from_ms(1500 + 2 * n));
            Step { trigger, action: Action::Request(client, op) }
        })
        .collect();
    scenario.until = Time::from_ms(2000 + 2 * count);
    Arc::new(scenario)
}
