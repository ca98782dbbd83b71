//! What can be done to a selected thing: one table for the context menu, the inspector and the keys.
//!
//! A verb that makes sense for the kind of thing but not now is greyed with its reason, never hidden, so
//! that people learn what exists and why it is not possible.

use crate::lang::Lang;
use crate::request_form::RequestKind;
use crate::selection::Item;
use crate::state::Store;
use egui::{Key, KeyboardShortcut, Modifiers};
use std::sync::Arc;
use zoolab_core::action::{Action, LinkRef, Lose, MessageRef};
use zoolab_core::ids::{NodeId, Seq};
use zoolab_core::protocol::LinkKind;
use zoolab_core::recipe::{Kind, Recipe, RecipeView};
use zoolab_core::scenario::ProtocolName;
use zoolab_core::trace::{Line, NetView, What};
use zoolab_core::view::Status;

/// How much slower a slow disk or link is, in percent of usual.
const SLOW_PERCENT: u32 = 1000;
/// The usual speed.
const USUAL_PERCENT: u32 = 100;

/// Something a person can do to the selection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verb {
    /// Start a server that has not run.
    Start,
    /// Power loss: writes that are not durable are gone.
    Crash,
    /// Power loss in the middle of a write.
    CrashTorn,
    /// The process dies, the machine does not.
    CrashProcess,
    /// Boot a crashed server.
    Restart,
    /// Stop scheduling a server.
    Pause,
    /// Schedule it again.
    Resume,
    /// Cut a server off from everybody.
    Isolate,
    /// Make a server's fsyncs slow.
    SlowDisk,
    /// Make a server's fsyncs usual.
    UsualDisk,
    /// Give a crashed server an empty disk.
    WipeDisk,
    /// Let nothing pass a link.
    Cut,
    /// Let nothing pass from the first to the second.
    CutForward,
    /// Let nothing pass from the second to the first.
    CutBackward,
    /// Let everything pass again.
    Heal,
    /// Keep messages from the first to the second waiting.
    HoldForward,
    /// Keep messages from the second to the first waiting.
    HoldBackward,
    /// Let waiting messages from the first to the second go.
    ReleaseForward,
    /// Let waiting messages from the second to the first go.
    ReleaseBackward,
    /// Make a link slow.
    SlowLink,
    /// Make a link's latency usual.
    UsualLink,
    /// Break the connection.
    Reset,
    /// Let a message arrive now.
    Deliver,
    /// Keep a message waiting.
    HoldMessage,
    /// Lose a message.
    Drop,
    /// Let a message arrive twice.
    Duplicate,
    /// Let a client send the request in the form.
    Request(RequestKind),
    /// Let a client carry out the recipe in the form.
    StartRecipe,
    /// Let a client give back what it began last.
    ReleaseRecipe,
    /// Let a client turn to the next server.
    ConnectNext,
}

/// A verb for a thing: what it would do, or the id of why it cannot.
pub type Offer = Result<Action, &'static str>;

const SERVER: [Verb; 11] = [
    Verb::Crash,
    Verb::CrashTorn,
    Verb::CrashProcess,
    Verb::Restart,
    Verb::Pause,
    Verb::Resume,
    Verb::Isolate,
    Verb::SlowDisk,
    Verb::UsualDisk,
    Verb::WipeDisk,
    Verb::Start,
];
const LINK: [Verb; 11] = [
    Verb::Cut,
    Verb::CutForward,
    Verb::CutBackward,
    Verb::Heal,
    Verb::HoldForward,
    Verb::HoldBackward,
    Verb::ReleaseForward,
    Verb::ReleaseBackward,
    Verb::SlowLink,
    Verb::UsualLink,
    Verb::Reset,
];
const MESSAGE: [Verb; 4] = [Verb::Deliver, Verb::HoldMessage, Verb::Drop, Verb::Duplicate];
const CLIENT: [Verb; 9] = [
    Verb::Request(RequestKind::Create),
    Verb::Request(RequestKind::SetData),
    Verb::Request(RequestKind::GetData),
    Verb::Request(RequestKind::Delete),
    Verb::StartRecipe,
    Verb::ReleaseRecipe,
    Verb::Pause,
    Verb::Resume,
    Verb::ConnectNext,
];

/// What can be done to this kind of thing, in the order of menus.
pub fn verbs(item: Item) -> &'static [Verb] {
    match item {
        Item::Node(node) if node.is_server() => &SERVER,
        Item::Node(_) => &CLIENT,
        Item::Link(..) => &LINK,
        Item::Message(_) => &MESSAGE,
        Item::Cell(..) | Item::Slot(..) => &[],
    }
}

/// Every list of verbs that share a selection: within one, no two may have the same key.
pub fn kinds() -> [&'static [Verb]; 4] {
    [&SERVER, &CLIENT, &LINK, &MESSAGE]
}

impl Verb {
    /// The id of its texts in the catalogues; its tooltip is the attribute `tip`.
    pub fn id(self) -> &'static str {
        match self {
            Self::Start => "verb-start",
            Self::Crash => "verb-crash",
            Self::CrashTorn => "verb-crash-torn",
            Self::CrashProcess => "verb-crash-process",
            Self::Restart => "verb-restart",
            Self::Pause => "verb-pause",
            Self::Resume => "verb-resume",
            Self::Isolate => "verb-isolate",
            Self::SlowDisk => "verb-slow-disk",
            Self::UsualDisk => "verb-usual-disk",
            Self::WipeDisk => "verb-wipe-disk",
            Self::Cut => "verb-cut",
            Self::CutForward => "verb-cut-forward",
            Self::CutBackward => "verb-cut-backward",
            Self::Heal => "verb-heal",
            Self::HoldForward => "verb-hold-forward",
            Self::HoldBackward => "verb-hold-backward",
            Self::ReleaseForward => "verb-release-forward",
            Self::ReleaseBackward => "verb-release-backward",
            Self::SlowLink => "verb-slow-link",
            Self::UsualLink => "verb-usual-link",
            Self::Reset => "verb-reset",
            Self::Deliver => "verb-deliver",
            Self::HoldMessage => "verb-hold-message",
            Self::Drop => "verb-drop",
            Self::Duplicate => "verb-duplicate",
            Self::Request(RequestKind::Create) => "verb-request-create",
            Self::Request(RequestKind::SetData) => "verb-request-set-data",
            Self::Request(RequestKind::GetData) => "verb-request-get-data",
            Self::Request(RequestKind::Delete) => "verb-request-delete",
            Self::StartRecipe => "verb-start-recipe",
            Self::ReleaseRecipe => "verb-release-recipe",
            Self::ConnectNext => "verb-connect-next",
        }
    }

    /// The text for one thing: a link's verbs name its ends.
    pub fn text_for(self, item: Item, lang: Lang) -> String {
        let Item::Link(a, b) = item else { return lang.say(self.id()) };
        let way = |id, from: NodeId, to: NodeId| {
            lang.say_with(id, &[("from", from.to_string().into()), ("to", to.to_string().into())])
        };
        match self {
            Self::CutForward => way("verb-cut-way", a, b),
            Self::CutBackward => way("verb-cut-way", b, a),
            Self::HoldForward => way("verb-hold-way", a, b),
            Self::HoldBackward => way("verb-hold-way", b, a),
            Self::ReleaseForward => way("verb-release-way", a, b),
            Self::ReleaseBackward => way("verb-release-way", b, a),
            _ => lang.say(self.id()),
        }
    }

    /// Its key while a thing of its kind is selected.
    pub fn shortcut(self) -> KeyboardShortcut {
        let plain = |key| KeyboardShortcut::new(Modifiers::NONE, key);
        let shift = |key| KeyboardShortcut::new(Modifiers::SHIFT, key);
        match self {
            Self::Start => plain(Key::A),
            Self::Crash => plain(Key::K),
            Self::CrashTorn => shift(Key::K),
            Self::CrashProcess => plain(Key::J),
            Self::Restart => plain(Key::R),
            Self::Pause => plain(Key::P),
            Self::Resume => plain(Key::U),
            Self::Isolate => plain(Key::I),
            Self::SlowDisk => plain(Key::S),
            Self::UsualDisk => plain(Key::D),
            Self::WipeDisk => shift(Key::S),
            Self::Cut => plain(Key::X),
            Self::CutForward => plain(Key::J),
            Self::CutBackward => plain(Key::K),
            Self::Heal => plain(Key::U),
            Self::HoldForward => plain(Key::O),
            Self::HoldBackward => shift(Key::O),
            Self::ReleaseForward => plain(Key::Q),
            Self::ReleaseBackward => shift(Key::Q),
            Self::SlowLink => plain(Key::S),
            Self::UsualLink => plain(Key::D),
            Self::Reset => plain(Key::R),
            Self::Deliver => plain(Key::A),
            Self::HoldMessage => plain(Key::O),
            Self::Drop => plain(Key::X),
            Self::Duplicate => plain(Key::D),
            Self::Request(RequestKind::Create) => plain(Key::A),
            Self::Request(RequestKind::SetData) => plain(Key::S),
            Self::Request(RequestKind::GetData) => plain(Key::Q),
            Self::Request(RequestKind::Delete) => plain(Key::X),
            Self::StartRecipe => plain(Key::R),
            Self::ReleaseRecipe => plain(Key::D),
            Self::ConnectNext => plain(Key::T),
        }
    }

    /// What it would do to this thing now, or why it cannot.
    pub fn offer(self, store: &Store, item: Item) -> Offer {
        let line = store.line().ok_or("why-nothing-loaded")?;
        let len = store.playhead.len();
        match item {
            Item::Node(node) if node.is_server() => self.offer_process(node, status(line, len, node)),
            Item::Node(client) => self.offer_client(store, line, len, client),
            Item::Link(a, b) => {
                let calm = NetView::default();
                self.offer_link(a, b, line.net(len).map_or(&calm, AsRef::as_ref))
            }
            Item::Message(seq) => self.offer_message(line, len, seq),
            Item::Cell(..) | Item::Slot(..) => Err("why-cell"),
        }
    }

    fn offer_process(self, node: NodeId, status: Status) -> Offer {
        let runs = matches!(status, Status::Up | Status::Paused);
        let running = |action| if runs { Ok(action) } else { Err("why-not-running") };
        let down = |action| if status == Status::Down { Ok(action) } else { Err("why-must-be-down") };
        match self {
            Self::Crash => running(Action::Crash(node, Lose::Pending)),
            Self::CrashTorn => running(Action::Crash(node, Lose::Torn)),
            Self::CrashProcess => running(Action::Crash(node, Lose::Nothing)),
            Self::Restart => down(Action::Restart(node)),
            Self::WipeDisk => down(Action::WipeDisk(node)),
            Self::Pause if status == Status::Paused => Err("why-paused"),
            Self::Pause => running(Action::Pause(node)),
            Self::Resume if status != Status::Paused => Err("why-not-paused"),
            Self::Resume => Ok(Action::Resume(node)),
            Self::Start if status != Status::Absent => Err("why-started"),
            Self::Start => Ok(Action::Start(node)),
            Self::Isolate => Ok(Action::Isolate(node)),
            Self::SlowDisk => Ok(Action::DiskSpeed(node, SLOW_PERCENT)),
            Self::UsualDisk => Ok(Action::DiskSpeed(node, USUAL_PERCENT)),
            _ => Err("why-no-server-verb"),
        }
    }

    fn offer_link(self, a: NodeId, b: NodeId, net: &NetView) -> Offer {
        let cut = [net.cut.contains(&(a, b)), net.cut.contains(&(b, a))];
        let held = [net.held.contains(&(a, b)), net.held.contains(&(b, a))];
        let slow = net.slow.iter().any(|(from, to, _)| (*from, *to) == (a, b) || (*from, *to) == (b, a));
        let way = |from, to| LinkRef { from, to };
        let when = |possible: bool, action, why| if possible { Ok(action) } else { Err(why) };
        match self {
            Self::Cut => when(cut != [true, true], Action::Cut(a, b), "why-link-cut"),
            Self::CutForward => when(!cut[0], Action::CutOneWay(a, b), "why-way-cut"),
            Self::CutBackward => when(!cut[1], Action::CutOneWay(b, a), "why-way-cut"),
            Self::Heal => when(cut != [false, false], Action::Heal(a, b), "why-link-whole"),
            Self::HoldForward => when(!held[0], Action::Hold(way(a, b)), "why-way-held"),
            Self::HoldBackward => when(!held[1], Action::Hold(way(b, a)), "why-way-held"),
            Self::ReleaseForward => when(held[0], Action::Release(way(a, b)), "why-way-free"),
            Self::ReleaseBackward => when(held[1], Action::Release(way(b, a)), "why-way-free"),
            Self::SlowLink => when(!slow, Action::SlowLink(a, b, SLOW_PERCENT), "why-link-slow"),
            Self::UsualLink => when(slow, Action::SlowLink(a, b, USUAL_PERCENT), "why-link-usual"),
            Self::Reset => Ok(Action::Reset(a, b)),
            _ => Err("why-no-link-verb"),
        }
    }

    fn offer_message(self, line: Line<'_>, len: usize, seq: Seq) -> Offer {
        let record = line.get(seq).ok_or("why-no-message")?;
        let (What::Sent { to, nth, message, .. }, Some(from)) = (&record.what, record.node) else {
            return Err("why-no-message");
        };
        if !line.flights(len).iter().any(|flight| flight.sent == seq) {
            return Err("why-not-on-its-way");
        }
        let reference = MessageRef { from, to: *to, nth: *nth };
        let stream = message.link != LinkKind::Datagram;
        match self {
            Self::Deliver => Ok(Action::Deliver(reference)),
            Self::HoldMessage => Ok(Action::HoldMessage(reference)),
            Self::Drop | Self::Duplicate if stream => Err(NOT_IN_TCP),
            Self::Drop => Ok(Action::Drop(reference)),
            Self::Duplicate => Ok(Action::Duplicate(reference)),
            _ => Err("why-no-message-verb"),
        }
    }

    fn offer_client(self, store: &Store, line: Line<'_>, len: usize, client: NodeId) -> Offer {
        match self {
            Self::Request(kind) => match store.form.op(kind) {
                Ok(op) => Ok(Action::Request(client, op)),
                Err(_) => Err("why-path"),
            },
            Self::Pause | Self::Resume => self.offer_process(client, status(line, len, client)),
            Self::StartRecipe | Self::ReleaseRecipe if store.protocol() != ProtocolName::Zab => {
                Err("why-recipe-only-zab")
            }
            Self::StartRecipe => Ok(Action::Recipe(client, Arc::new(store.recipe.recipe()?))),
            Self::ReleaseRecipe => {
                let running = recipes_of(line, len, client).iter().rfind(|recipe| !recipe.standing.is_over());
                running.map(|recipe| release(client, recipe)).ok_or("why-no-recipe")
            }
            Self::ConnectNext => {
                let servers: Vec<NodeId> =
                    line.nodes().iter().copied().filter(|node| node.is_server()).collect();
                let now = server_of(line, len, client);
                let at = servers.iter().position(|server| Some(*server) == now);
                let next = at.map_or(0, |at| (at + 1) % servers.len().max(1));
                servers.get(next).map(|server| Action::Connect(client, *server)).ok_or("why-no-server")
            }
            _ => Err("why-no-client-verb"),
        }
    }
}

/// The id of why a message of a connection cannot be lost or doubled.
pub const NOT_IN_TCP: &str = "why-tcp";

/// How the process of a node is at moment `len`.
pub fn status(line: Line<'_>, len: usize, node: NodeId) -> Status {
    line.view(node, len).map_or(Status::Absent, |view| view.status)
}

/// The order to a client to give back what a recipe of its has.
pub fn release(client: NodeId, recipe: &RecipeView) -> Action {
    Action::Recipe(client, Arc::new(Recipe::new(Kind::Release, recipe.path.clone())))
}

/// What a client shows of its recipes.
fn recipes_of(line: Line<'_>, len: usize, client: NodeId) -> &[RecipeView] {
    match line.view(client, len).map(|view| &view.state) {
        Some(zoolab_core::view::State::Client(view)) => &view.recipes,
        _ => &[],
    }
}

/// The server a client talks to or tries.
pub fn server_of(line: Line<'_>, len: usize, client: NodeId) -> Option<NodeId> {
    match &line.view(client, len)?.state {
        zoolab_core::view::State::Client(view) => view.server,
        _ => None,
    }
}
