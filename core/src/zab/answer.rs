//! What a server answers without asking its leader: reads, and watches.

use super::config::Config;
use super::watch::Watches;
use crate::ids::{NodeId, SessionId};
use crate::request::{Answer, ErrorCode, Id, Op, Outcome};
use crate::tree::Tree;

/// Where a server shows the ensemble it is one of.
const CONFIG: &str = "/zookeeper/config";

/// Who asks.
#[derive(Clone, Copy, Debug)]
pub struct Asker<'a> {
    /// The connection, which watches belong to.
    pub client: NodeId,
    /// Its session.
    pub session: SessionId,
    /// Whom its client had proved to be when it asked.
    pub ids: &'a [Id],
}

/// The outcome of a read or of an operation on watches.
pub fn answer(op: &Op, by: Asker<'_>, watches: &mut Watches, tree: &Tree, config: &Config) -> Outcome {
    match op {
        Op::AddWatch { path, mode } => {
            watches.add(by.client, path, *mode);
            return Ok(Answer::Done);
        }
        // Anybody's watch counts (quirk 2 of 3.8.0).
        Op::CheckWatches { path, kind } if watches.is_watched(path, *kind) => return Ok(Answer::Done),
        Op::RemoveWatches { path, kind } if watches.remove(by.client, path, *kind) => {
            return Ok(Answer::Done);
        }
        Op::CheckWatches { .. } | Op::RemoveWatches { .. } => return Err(ErrorCode::NoWatcher),
        _ => {}
    }
    let outcome = with_config(op, tree.read(op, by.session, by.ids), config);
    // exists may wait for a create; other reads of nothing leave no watch (facts 7.2).
    let waits = matches!((op, &outcome), (Op::Exists { .. }, Err(ErrorCode::NoNode)));
    if op.watches() && (outcome.is_ok() || waits) {
        watches.leave(by.client, op);
    }
    outcome
}

/// Puts the ensemble into the znode that shows it, which no transaction writes: each server knows it from its
/// own configuration (facts 5.5). Not if somebody with the right to has written something there.
fn with_config(op: &Op, outcome: Outcome, config: &Config) -> Outcome {
    let text = &config.ensemble;
    let is_config = op.path().is_some_and(|path| &**path == CONFIG);
    match (op, outcome?) {
        (Op::MultiRead(ops), Answer::MultiRead(outcomes)) => {
            let parts = ops.iter().zip(outcomes.iter().cloned());
            Ok(Answer::MultiRead(parts.map(|(op, outcome)| with_config(op, outcome, config)).collect()))
        }
        (_, mut answer) if is_config => {
            if let Answer::Data(_, stat)
            | Answer::Stat(stat)
            | Answer::Children(_, stat)
            | Answer::Acl(_, stat) = &mut answer
                && stat.version == -1
            {
                stat.data_length = text.len() as i32;
                if let Answer::Data(data, _) = &mut answer {
                    *data = Some(text.clone());
                }
            }
            Ok(answer)
        }
        (_, answer) => Ok(answer),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::WatcherKind;
    use crate::scenario::Scenario;

    fn ask(op: &Op, watches: &mut Watches) -> Outcome {
        let config = Config::of(&Scenario { servers: 3, ..Scenario::default() });
        let by = Asker { client: NodeId::Client(1), session: SessionId(5), ids: &[] };
        answer(op, by, watches, &Tree::new(), &config)
    }

    fn get(path: &str) -> Op {
        Op::GetData { path: path.into(), watch: false }
    }

    #[test]
    fn the_ensemble_is_shown_by_every_read() {
        let mut watches = Watches::default();
        let Ok(Answer::Data(Some(data), stat)) = ask(&get(CONFIG), &mut watches) else {
            panic!("it is there")
        };
        assert!(
            data.text().is_some_and(|text| text.starts_with("server.1=") && text.ends_with("\nversion=0"))
        );
        assert_eq!((stat.version, stat.data_length), (-1, data.len() as i32));
        let exists = Op::Exists { path: CONFIG.into(), watch: false };
        assert_eq!(ask(&exists, &mut watches), Ok(Answer::Stat(stat)));
        let both = Op::MultiRead([get("/"), get(CONFIG)].into());
        let Ok(Answer::MultiRead(told)) = ask(&both, &mut watches) else { panic!("it is a multiRead") };
        assert_eq!(told[1], Ok(Answer::Data(Some(data), stat)));
        assert!(matches!(&told[0], Ok(Answer::Data(Some(data), _)) if data.is_empty()));
    }

    /// Quirk 2 of 3.8.0.
    #[test]
    fn anybodys_watch_is_found_but_only_ones_own_is_removed() {
        let mut watches = Watches::default();
        watches.leave(NodeId::Client(2), &get("/a"));
        let check = |kind| Op::CheckWatches { path: "/a".into(), kind };
        assert_eq!(ask(&check(WatcherKind::Data), &mut watches), Ok(Answer::Done));
        assert_eq!(ask(&check(WatcherKind::Any), &mut watches), Ok(Answer::Done));
        assert_eq!(ask(&check(WatcherKind::Children), &mut watches), Err(ErrorCode::NoWatcher));
        let remove = Op::RemoveWatches { path: "/a".into(), kind: WatcherKind::Any };
        assert_eq!(ask(&remove, &mut watches), Err(ErrorCode::NoWatcher));
    }
}
