//! Runs commands: the only place where what a person asks for changes the window's state.

use crate::command::{self, Command};
use crate::control::condition::Condition;
use crate::control::crash::at_stake;
use crate::editor::Runnable;
use crate::files;
use crate::lesson;
use crate::link::Remote;
use crate::live;
use crate::page::Page;
use crate::panel::guards;
use crate::panel::palette::Palette;
use crate::playhead::Goal;
use crate::run_control;
use crate::scenarios;
use crate::selection::Item;
use crate::state::Store;
use crate::tokens;
use crate::verb::Verb;
use crate::why::of_item;
use std::sync::Arc;
use zoolab_core::action::Action;
use zoolab_core::ids::NodeId;
use zoolab_core::protocol::Glyph;
use zoolab_core::scenario::{Mutation, ProtocolName, Scenario, Target};
use zoolab_core::time::Time;
use zoolab_core::trace::{Branch, BranchId, Line};
use zoolab_core::why::Question;
use zoolab_driver::channel::Ask;

/// Does what a command says.
pub fn run(store: &mut Store, remote: &mut Remote, command: Command) {
    if files::run(store, remote, &command) {
        return;
    }
    match command {
        Command::Again => {
            if let Some(scenario) = store.scenario.clone() {
                remote.ask(Ask::Load(scenario));
            }
        }
        Command::Load(scenario) => {
            store.shown.hint = false;
            remote.ask(Ask::Load(scenario));
        }
        Command::Guard(guard) => switch(store, remote, guard),
        Command::LetIn => let_in(store, remote),
        Command::NewEnsemble(servers) => remote.ask(Ask::Load(scenarios::ensemble(servers))),
        Command::HealAll => act(store, remote, Action::HealAll),
        Command::Act(action) => act(store, remote, action),
        Command::Verb(verb) => run_verb(store, remote, verb),
        Command::Why(question) => why(store, question),
        Command::WhySelection => {
            let len = store.playhead.len();
            let asked = store.selection.zip(store.line()).map(|(item, line)| of_item(line, len, item));
            if let Some(question) = asked {
                why(store, question);
            }
        }
        Command::SpaceTime(change) => {
            let (at, end) = (store.playhead.at(), store.seen_end());
            store.spacetime.change(change, at, end);
        }
        Command::Branch(branch) => show_branch(store, branch),
        Command::AskCrash(server) => store.control.crashing = server,
        Command::RunUntil => store.shown.focus_until = true,
        command if run_control::is_its(&command) => run_control::run(store, command),
        Command::NextBranch => show_branch(store, next_branch(store)),
        Command::Select(item) => select(store, item),
        Command::NextClient => select_next(store, |line, _| nodes(line, false)),
        Command::NextLink => select_next(store, |line, _| links(line)),
        Command::NextMessage => select_next(store, messages),
        Command::Server(sid) => {
            let node = Item::Node(command::server(sid));
            if store.line().is_some_and(|line| crate::selection::exists(line, node)) {
                select(store, Some(node));
            }
        }
        Command::Escape => {
            if store.palette.is_some() {
                store.palette = None;
            } else if store.control.crashing.is_some() {
                store.control.crashing = None;
            } else if store.shown.help {
                store.shown.help = false;
            } else {
                store.selection = None;
            }
        }
        Command::SearchFor(text) => store.feed.search = text,
        Command::Form(form) => store.form = form,
        Command::RecipeForm(form) => store.recipe = form,
        Command::Recipe => select_client(store),
        Command::Dismiss(index) => {
            if index < store.notices.len() {
                store.notices.remove(index);
            }
        }
        Command::DismissHint => store.shown.hint = false,
        Command::Search => store.shown.search = true,
        Command::Palette => store.palette = store.palette.is_none().then(Palette::default),
        Command::PaletteType(palette) => store.palette = Some(palette),
        Command::Scenarios => store.shown.scenarios = true,
        Command::Comparisons => store.shown.comparisons = true,
        Command::Page(page) => show_page(store, page),
        Command::Presenter => store.shown.presenter = !store.shown.presenter,
        Command::Speak(language) => store.shown.language = language,
        Command::NextLanguage => store.shown.language = store.shown.language.next(),
        Command::Larger => resize(store, tokens::SIZE_STEP),
        Command::Smaller => resize(store, -tokens::SIZE_STEP),
        Command::UsualSize => store.shown.size = 1.0,
        Command::Znodes(look) => store.znodes.look(look),
        Command::Line(path) => store.queues.choose(path),
        Command::ConsoleOf(client) => store.consoles.show(client),
        Command::ConsoleType(typing) => store.consoles.typing = typing,
        Command::ConsoleEnter(text) => {
            store.consoles.enter(text);
            store.shown.hint = false;
        }
        Command::Pings => store.shown.pings = !store.shown.pings,
        Command::Theme => store.shown.dark = !store.shown.dark,
        Command::ReducedMotion => store.shown.reduced_motion = !store.shown.reduced_motion,
        Command::SkipQuiet => store.shown.skip_quiet = !store.shown.skip_quiet,
        Command::New => store.editor.begin(),
        Command::Correct(name, text) => store.editor.show(name, text),
        Command::EditText(text) => store.editor.edit(text),
        Command::ShowRunText => store.editor.show_run(),
        Command::RestoreText => store.editor.restore(),
        Command::RunText => run_text(store, remote),
        Command::Help => store.shown.help = !store.shown.help,
        command => move_playhead(store, &command),
    }
}

/// Begins the run that the scenario's text describes; what is wrong with it is shown there.
fn run_text(store: &mut Store, remote: &mut Remote) {
    match store.editor.read() {
        Some(Runnable::Scenario(scenario)) => {
            store.shown.hint = false;
            store.editor.comes_with(store.editor.text().to_owned());
            remote.ask(Ask::Load(scenario));
        }
        Some(Runnable::Comparison(comparison)) => store.files.opens(comparison),
        None => {
            let count = store.editor.problems().len();
            store.tell(store.lang().say_with("editor-problems", &[("count", count.into())]));
        }
    }
}

/// Asks why at the moment we look at; the answer is for the page.
fn why(store: &mut Store, question: Question) {
    let Store { trace, why, branch, playhead, .. } = store;
    if trace.branch(*branch).is_some() && !why.ask(trace.line(*branch), playhead.len(), question) {
        store.tell(store.lang().say("why-no-reason"));
    }
}

/// What a page needs beside its place, which is the dock's.
fn show_page(store: &mut Store, page: Page) {
    store.shown.focus_console = page == Page::Console;
    if page == Page::Compared {
        run_control::compare_if_two(store);
    }
}

/// Draws everything larger or smaller, within limits.
fn resize(store: &mut Store, by: f32) {
    let (least, most) = tokens::SIZES;
    store.shown.size = (store.shown.size + by).clamp(least, most);
}

/// Goes on with what was typed at a prompt, when the engine has answered what came before.
pub fn go_on(store: &mut Store, remote: &mut Remote) {
    if store.acting || store.trace.branch(store.branch).is_none_or(Branch::is_empty) {
        return;
    }
    let (len, seen) = (store.playhead.len(), store.progress().seen);
    let Store { trace, consoles, branch, .. } = store;
    if let Some(action) = consoles.next(trace.line(*branch), len, seen) {
        act(store, remote, action);
    }
}

/// The commands that move the playhead or change its pace.
fn move_playhead(store: &mut Store, command: &Command) {
    let (branch, pace, progress) = (store.branch, store.pace(), store.progress());
    let Store { trace, playhead, control, .. } = store;
    if trace.branch(branch).is_none() {
        return;
    }
    let line = trace.line(branch);
    match command {
        Command::PlayPause => {
            // A pause gives up what was looked for.
            control.breakpoints.give_up();
            playhead.set_playing(!playhead.playing());
        }
        Command::Faster => playhead.faster(),
        Command::Slower => playhead.slower(),
        Command::Speed(speed) => playhead.set_speed(*speed),
        Command::StepForward => playhead.pursue(Goal::Step),
        Command::NextMilestone | Command::GoOn => playhead.pursue(Goal::Milestone),
        Command::StepBack => playhead.step_back(line, pace),
        Command::PreviousMilestone | Command::GoBack => playhead.previous_milestone(line),
        Command::Start => {
            playhead.set_playing(false);
            playhead.jump(line, 0);
        }
        Command::End => playhead.jump(line, progress.seen),
        Command::NextDelivery => {
            control.breakpoints.look_for(Condition::Delivery);
            playhead.pursue(Goal::Found);
        }
        Command::NextPhase => {
            control.breakpoints.look_for(Condition::Phase);
            playhead.pursue(Goal::Found);
        }
        Command::Seek(time) if *time <= progress.now => playhead.jump_to_time(line, *time),
        Command::Seek(time) => playhead.pursue(Goal::Time(*time)),
        Command::SeekRecord(seq) => {
            playhead.set_playing(false);
            playhead.jump(line, line.step_end(seq.index() + 1));
        }
        _ => {}
    }
}

fn run_verb(store: &mut Store, remote: &mut Remote, verb: Verb) {
    let Some(item) = store.selection else { return };
    if let (Verb::Crash, Item::Node(server), Some(line)) = (verb, item, store.line())
        && at_stake(line, store.playhead.len(), server) > 0
    {
        // Something would be lost: what, is asked beside the server while time stands still.
        store.playhead.set_playing(false);
        store.control.crashing = Some(server);
        return;
    }
    match verb.offer(store, item) {
        Ok(action) => act(store, remote, action),
        Err(why) => {
            let lang = store.lang();
            store.tell(format!("{}: {}", verb.text_for(item, lang), lang.say(why)));
        }
    }
}

/// Intervenes at the moment we look at.
fn act(store: &mut Store, remote: &mut Remote, action: Action) {
    let (branch, len) = (store.branch, store.playhead.len() as u32);
    let seen = store.progress().seen.max(len as usize) as u32;
    store.acting = true;
    store.control.crashing = None;
    store.shown.hint = false;
    if lesson::acted_by_hand(store, remote, &action) {
        return;
    }
    if store.is_live() && live::is_at_the_end(&store.playhead, store.progress().now) {
        // Programs have been told all of it: what is done now is done to what they see.
        let named: Result<_, std::convert::Infallible> = action.map(|node| Ok(Target::Node(node)));
        let Ok(action) = named;
        remote.ask(Ask::ActNow { branch, action });
        return;
    }
    remote.ask(Ask::Act { branch, len, seen, action });
}

/// Begins the same run again with a guard the other way.
fn switch(store: &mut Store, remote: &mut Remote, guard: Mutation) {
    let Some(scenario) = &store.scenario else { return };
    let mut scenario = Scenario::clone(scenario);
    let said = if scenario.mutations.remove(&guard) {
        "guard-switched-on"
    } else {
        scenario.mutations.insert(guard);
        "guard-switched-off"
    };
    let lang = store.lang();
    store.tell(lang.say_with(said, &[("guard", guards::text(lang, guard).into())]));
    remote.ask(Ask::Load(Arc::new(scenario)));
}

/// Lets real clients connect, or hangs up on them.
fn let_in(store: &mut Store, remote: &mut Remote) {
    let Some(scenario) = store.scenario.clone() else { return };
    if store.live.is_some() {
        remote.ask(Ask::LockOut);
    } else if scenario.protocol != ProtocolName::Zab {
        store.tell(store.lang().say("live-only-zab"));
    } else if scenario.remotes > 0 {
        remote.ask(Ask::LetIn { branch: store.branch, first: None });
    } else {
        // Who takes part is settled when a run begins.
        store.opens = true;
        remote.ask(Ask::Load(live::with_room(&scenario)));
    }
}

pub(crate) fn show_branch(store: &mut Store, branch: BranchId) {
    if store.trace.branch(branch).is_none() || branch == store.branch {
        return;
    }
    store.branch = branch;
    let seen = store.progress().seen;
    let Store { trace, playhead, .. } = store;
    let line = trace.line(branch);
    let at: Time =
        playhead.at().min(line.range(seen.saturating_sub(1), seen).next().map_or(Time::ZERO, |r| r.at));
    playhead.jump_to_time(line, at);
}

fn next_branch(store: &Store) -> BranchId {
    let shown = store.control.branches.shown(&store.trace);
    let next = shown.iter().find(|id| **id > store.branch).or(shown.first());
    next.copied().unwrap_or(store.branch)
}

fn select(store: &mut Store, item: Option<Item>) {
    store.selection = item;
    if let Some(Item::Node(client)) =
        item.filter(|item| matches!(item, Item::Node(node) if !node.is_server()))
    {
        store.consoles.show(client);
    }
    if matches!(item, Some(Item::Message(_))) {
        // It would be gone before anybody could act on it.
        store.playhead.set_playing(false);
    }
}

/// Selects a client, unless one is selected.
fn select_client(store: &mut Store) {
    let of_client = |item: Item| matches!(item, Item::Node(node) if !node.is_server());
    if !store.selection.is_some_and(of_client) {
        select_next(store, |line, _| nodes(line, false));
    }
}

/// Selects the item after the selected one in a list.
fn select_next(store: &mut Store, list: impl Fn(Line<'_>, &Store) -> Vec<Item>) {
    let Some(line) = store.line() else { return };
    let items = list(line, store);
    let now = store.selection.and_then(|item| items.iter().position(|other| *other == item));
    let next = now.map_or(0, |now| (now + 1) % items.len().max(1));
    if let Some(item) = items.get(next).copied() {
        select(store, Some(item));
    }
}

fn nodes(line: Line<'_>, servers: bool) -> Vec<Item> {
    line.nodes().iter().filter(|node| node.is_server() == servers).map(|node| Item::Node(*node)).collect()
}

fn links(line: Line<'_>) -> Vec<Item> {
    let servers: Vec<NodeId> = line.nodes().iter().copied().filter(|node| node.is_server()).collect();
    let pairs = servers.iter().enumerate();
    pairs.flat_map(|(at, a)| servers[at + 1..].iter().map(|b| Item::link(*a, *b))).collect()
}

fn messages(line: Line<'_>, store: &Store) -> Vec<Item> {
    let flights = line.flights(store.playhead.len());
    let seen = flights.iter().filter(|flight| store.shown.pings || flight.message.glyph != Glyph::Ping);
    seen.map(|flight| Item::Message(flight.sent)).collect()
}
