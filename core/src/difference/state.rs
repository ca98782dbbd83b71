//! What a node shows on two branches at one moment, field by field.

use super::Sides;
use crate::ids::NodeId;
use crate::trace::Line;
use crate::view::{ClientView, MemberView, NodeView, ServerView, State, Status};

/// What is compared of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// Running, paused, down.
    Process,
    /// Looking, following, leading, observing; or the protocol's own word.
    Role,
    /// Which phase of the protocol it is in.
    Phase,
    /// Whom it follows.
    Leader,
    /// The epoch it has promised.
    AcceptedEpoch,
    /// The epoch its history belongs to; for other protocols the term.
    CurrentEpoch,
    /// Last transaction handed to the log file.
    LastZxid,
    /// Last transaction that is durable.
    Durable,
    /// Last transaction it knows to be committed.
    Committed,
    /// The data tree, by its digest.
    Tree,
    /// How many znodes the tree has.
    Znodes,
    /// Sessions it knows of.
    Sessions,
    /// Who follows it, leaders only.
    Learners,
    /// What it waits for.
    Waits,
    /// Numbered things under way or decided.
    Items,
    /// What a reader would be told.
    Values,
    /// Paths that are locked.
    Locked,
    /// A client's connection.
    Connection,
    /// A client's session.
    Session,
    /// The newest state a client has seen.
    Seen,
    /// Requests of a client that have no answer.
    Unanswered,
}

impl Field {
    /// Every field, in the order of the rows.
    pub const ALL: [Self; 21] = [
        Self::Process,
        Self::Role,
        Self::Phase,
        Self::Leader,
        Self::AcceptedEpoch,
        Self::CurrentEpoch,
        Self::LastZxid,
        Self::Durable,
        Self::Committed,
        Self::Tree,
        Self::Znodes,
        Self::Sessions,
        Self::Learners,
        Self::Waits,
        Self::Items,
        Self::Values,
        Self::Locked,
        Self::Connection,
        Self::Session,
        Self::Seen,
        Self::Unanswered,
    ];
}

/// One field of one node on both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Whose.
    pub node: NodeId,
    /// What.
    pub field: Field,
    /// Its value on each side; `None` where the node shows no such thing.
    pub values: Sides<Option<String>>,
}

impl Row {
    /// Whether the two sides differ.
    pub fn differs(&self) -> bool {
        self.values.left != self.values.right
    }
}

/// Every field that a node shows on one of two sides, node by node: the same moment, or any two.
pub fn states(lines: Sides<Line<'_>>, lens: Sides<usize>) -> Vec<Row> {
    let mut rows = Vec::new();
    for node in lines.left.nodes() {
        let shown = Sides {
            left: shown(lines.left.view(*node, lens.left).map(AsRef::as_ref)),
            right: shown(lines.right.view(*node, lens.right).map(AsRef::as_ref)),
        };
        for field in Field::ALL {
            let of = |shown: &[(Field, String)]| {
                shown.iter().find(|(other, _)| *other == field).map(|(_, value)| value.clone())
            };
            let values = shown.map(|shown| of(shown));
            if values.left.is_some() || values.right.is_some() {
                rows.push(Row { node: *node, field, values });
            }
        }
    }
    rows
}

fn shown(view: Option<&NodeView>) -> Vec<(Field, String)> {
    let Some(view) = view else { return vec![(Field::Process, process(Status::Absent))] };
    let mut rows = vec![(Field::Process, process(view.status))];
    match &view.state {
        State::Server(server) => server_rows(server, &mut rows),
        State::Member(member) => member_rows(member, &mut rows),
        State::Client(client) => client_rows(client, &mut rows),
        State::None => {}
    }
    rows
}

fn process(status: Status) -> String {
    match status {
        Status::Absent => "not started",
        Status::Up => "up",
        Status::Paused => "paused",
        Status::Down => "down",
    }
    .to_owned()
}

fn server_rows(server: &ServerView, rows: &mut Vec<(Field, String)>) {
    let learners: Vec<String> = server.learners.iter().map(|(node, _)| node.to_string()).collect();
    rows.extend([
        (Field::Role, server.role.to_string()),
        (Field::Phase, server.phase.to_string()),
        (Field::Leader, server.leader.map_or("–".to_owned(), |leader| leader.to_string())),
        (Field::AcceptedEpoch, server.accepted_epoch.to_string()),
        (Field::CurrentEpoch, server.current_epoch.to_string()),
        (Field::LastZxid, server.logged.to_string()),
        (Field::Durable, server.durable.to_string()),
        (Field::Committed, server.committed.to_string()),
        (Field::Tree, format!("{:016x}", server.tree.digest())),
        (Field::Znodes, server.tree.len().to_string()),
        (Field::Sessions, server.tree.sessions().count().to_string()),
        (Field::Learners, if learners.is_empty() { "–".to_owned() } else { learners.join(" ") }),
        (Field::Waits, server.waits.map_or("–".to_owned(), |wait| wait.to_string())),
    ]);
}

fn member_rows(member: &MemberView, rows: &mut Vec<(Field, String)>) {
    let items: Vec<String> =
        member.items.iter().map(|(number, item)| format!("{number} {}", item.stage)).collect();
    let values: Vec<String> = member.values.iter().map(|(path, value)| format!("{path} {value:?}")).collect();
    let listed = |list: Vec<String>| if list.is_empty() { "–".to_owned() } else { list.join(", ") };
    rows.extend([
        (Field::Role, member.role.to_string()),
        (Field::CurrentEpoch, member.term.to_string()),
        (Field::Items, listed(items)),
        (Field::Values, listed(values)),
        (Field::Locked, member.locked.to_string()),
        (Field::Waits, member.waits.as_ref().map_or("–".to_owned(), ToString::to_string)),
    ]);
}

fn client_rows(client: &ClientView, rows: &mut Vec<(Field, String)>) {
    let server = client.server.map_or(String::new(), |server| format!(" {server}"));
    rows.extend([
        (Field::Connection, format!("{:?}{server}", client.state)),
        (Field::Session, client.session.to_string()),
        (Field::Seen, client.last_zxid.to_string()),
        (Field::Unanswered, client.pending.to_string()),
    ]);
}
