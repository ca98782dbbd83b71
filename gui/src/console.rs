//! The window's consoles: what was typed at each client's prompt, and what of it is under way.
//!
//! What a console shows is read from the trace by [`Transcript`]; here is only what the trace cannot know.

use std::collections::{BTreeMap, VecDeque};
use zoolab_core::action::Action;
use zoolab_core::console::{Kind, Printed, Prompt, Row, Task, Transcript, Typed};
use zoolab_core::ids::{NodeId, Seq};
use zoolab_core::scenario::{Cast, ProtocolName, Source, Target, read_action};
use zoolab_core::trace::{BranchId, Line, Trace};
use zoolab_core::view::{ClientState, State};

/// The line that is being typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typing {
    /// The text so far.
    pub text: String,
    /// Which line of the history it is, counted from the newest.
    pub back: Option<usize>,
    /// What Tab found that it may become.
    pub offered: Vec<String>,
}

/// All consoles of a run; one is shown.
#[derive(Clone, Debug, Default)]
pub struct Consoles {
    client: Option<NodeId>,
    /// The line that is being typed.
    pub typing: Typing,
    prompts: BTreeMap<NodeId, Prompt>,
    typed: Vec<Typed>,
    transcript: Transcript,
    /// The typed line whose intervention is on its way to the engine.
    awaiting: Option<usize>,
    /// Lines that wait until the engine has answered.
    waiting: VecDeque<String>,
}

impl Consoles {
    /// Forgets everything: another run is shown.
    pub fn reset(&mut self, nodes: &[NodeId]) {
        *self = Self { client: nodes.iter().copied().find(|node| !node.is_server()), ..Self::default() };
    }

    /// Whose console is shown; `None` if the run has no client.
    pub fn client(&self) -> Option<NodeId> {
        self.client
    }

    /// Shows another client's console.
    pub fn show(&mut self, client: NodeId) {
        if self.client != Some(client) {
            self.client = Some(client);
            self.transcript.reset();
        }
    }

    /// The lines of the console at a moment.
    pub fn rows(&self, len: usize) -> &[Row] {
        self.transcript.rows(len)
    }

    /// What was typed at the prompt that is shown, oldest first.
    pub fn history(&self) -> &[String] {
        let prompt = self.client.and_then(|client| self.prompts.get(&client));
        prompt.map_or(&[], Prompt::history)
    }

    /// Reads on in the trace; whether it has read everything shown.
    pub fn catch_up(&mut self, trace: &Trace, line: Line<'_>, seen: usize) -> bool {
        let Some(client) = self.client else { return true };
        self.transcript.catch_up(trace, line, client, seen, &self.typed)
    }

    /// A line was typed at the moment `len` of a line of the trace.
    pub fn enter(&mut self, text: String) {
        self.typing = Typing::default();
        self.waiting.push_back(text);
    }

    /// What is to be done now: the next typed line, or the next operation of the one before.
    ///
    /// `seen` is the newest moment shown: a command of several operations goes on only there, so that looking
    /// back opens no branch.
    pub fn next(&mut self, line: Line<'_>, len: usize, seen: usize) -> Option<Action> {
        let client = self.client?;
        if self.awaiting.is_some() {
            return None;
        }
        let last = self.typed.len().checked_sub(1);
        if let Some(last) = last.filter(|_| len >= seen)
            && let Some(op) = self.transcript.next_of(last).cloned()
        {
            self.awaiting = Some(last);
            return Some(Action::Request(self.typed[last].client, op));
        }
        let text = self.waiting.pop_front()?;
        self.perform(line, len, client, text)
    }

    /// `recipe Lock("/locks")`: what zkCli does not know, and is not answered by one operation.
    fn perform_recipe(
        &mut self,
        line: Line<'_>,
        len: usize,
        client: NodeId,
        text: String,
        form: &str,
    ) -> Option<Action> {
        let (told, action) = match recipe(line, client, form) {
            Ok(action) => (Vec::new(), Some(action)),
            Err(why) => (vec![Printed { kind: Kind::Err, text: why }], None),
        };
        let (branch, index) = (line.id(), self.typed.len());
        self.typed.push(Typed {
            client,
            line: text.clone(),
            performed: text,
            branch,
            len,
            told,
            asked: Vec::new(),
            task: None,
        });
        self.transcript.typed(len, index);
        action
    }

    fn perform(&mut self, line: Line<'_>, len: usize, client: NodeId, text: String) -> Option<Action> {
        if let Some(form) = text.trim().strip_prefix("recipe").filter(|form| form.starts_with(' ')) {
            let form = form.trim().to_owned();
            return self.perform_recipe(line, len, client, text, &form);
        }
        let state = line.view(client, len).map(|view| &view.state);
        let alive = !matches!(state, Some(State::Client(view)) if view.state == ClientState::Closed);
        let mut entered = self.prompts.entry(client).or_default().enter(&text, alive);
        let action = match &entered.task {
            Some(Task::Ask(job)) => Some(Action::Request(client, job.first())),
            Some(Task::Connect(host)) => match server(line, host) {
                Ok(server) => Some(Action::Connect(client, server)),
                Err(why) => {
                    entered.told.push(Printed { kind: Kind::Err, text: why });
                    None
                }
            },
            None => None,
        };
        if action.is_none() && entered.told.is_empty() && entered.performed.is_empty() {
            return None;
        }
        let index = self.typed.len();
        let task = entered.task.filter(|_| action.is_some());
        self.typed.push(Typed {
            client,
            line: text,
            performed: entered.performed,
            branch: line.id(),
            len,
            told: entered.told,
            asked: Vec::new(),
            task,
        });
        match &action {
            Some(_) => self.awaiting = Some(index),
            None => self.transcript.typed(len, index),
        }
        action
    }

    /// The engine has done an intervention; whether it was a console's.
    pub fn acted(&mut self, branch: BranchId, seq: Seq) -> bool {
        let Some(index) = self.awaiting.take() else { return false };
        if let Some(typed) = self.typed.get_mut(index) {
            typed.asked.push((branch, seq));
        }
        self.transcript.asked(seq, index);
        true
    }

    /// The engine could not do it.
    pub fn refused(&mut self) {
        self.awaiting = None;
    }

    /// Whether a typed line waits for the engine.
    pub fn is_busy(&self) -> bool {
        self.awaiting.is_some() || !self.waiting.is_empty()
    }
}

/// A recipe of this client as scenario files write it.
fn recipe(line: Line<'_>, client: NodeId, form: &str) -> Result<Action, String> {
    let servers = line.nodes().iter().filter(|node| node.is_server()).count();
    let clients = line.nodes().len() - servers;
    let cast = Cast {
        servers: u8::try_from(servers).ok(),
        clients: u16::try_from(clients).ok(),
        voters: u8::try_from(servers).unwrap_or(u8::MAX),
        protocol: ProtocolName::Zab,
    };
    let text = format!("Recipe(\"{client}\", {form})");
    let action = read_action(Source { name: "recipe", text: &text }, &text, &cast);
    let action = action.map_err(|problems| problems.to_string())?;
    action.map(|target| match target {
        Target::Node(node) => Ok(node),
        other => Err(format!("{other} is no client")),
    })
}

/// The server that a person names, with or without a port.
fn server(line: Line<'_>, host: &str) -> Result<NodeId, String> {
    let name = host.split(':').next().unwrap_or(host);
    let servers: Vec<NodeId> = line.nodes().iter().copied().filter(|node| node.is_server()).collect();
    let found = servers.iter().copied().find(|server| server.to_string() == name);
    found.ok_or_else(|| {
        let names: Vec<String> = servers.iter().map(ToString::to_string).collect();
        format!("connect takes one of {}; found {host:?}", names.join(", "))
    })
}
