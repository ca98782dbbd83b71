//! Does what the runner of a lesson says, and shows it what the run has become.

use super::open::{Load, Open};
use super::{Deed, Goes, Lessons, find};
use crate::link::Remote;
use crate::page::Page;
use crate::state::Store;
use crate::znodes::Look;
use std::time::{SystemTime, UNIX_EPOCH};
use zoolab_core::action::Action;
use zoolab_core::scenario::Target;
use zoolab_core::time::Time;
use zoolab_core::trace::BranchId;
use zoolab_driver::channel::Ask;
use zoolab_lessons::lesson::{Deed as Beat, Focus, PageName};
use zoolab_lessons::progress::Entry;
use zoolab_lessons::runner::{Input, Moment, Output, Sight};

/// How often the runner is asked in one frame: what it says may change what there is to see.
const ROUNDS: usize = 32;
/// The slowest that a lesson may ask for, in seconds on the screen for one of the run.
const SLOWED_MOST: u32 = 1000;

/// Does what a person says. `now` is what the window's clock says, in seconds.
pub fn run(store: &mut Store, deed: Deed, now: f64) {
    match deed {
        Deed::Begin(id) => begin(store, &id, false, now),
        Deed::GoOn(id) => begin(store, &id, true, now),
        Deed::Leave => {
            match store.lessons.open.take() {
                Some(open) => {
                    usual_speed(store, open.speed);
                    store.playhead.set_playing(false);
                }
                None => store.tell(store.lang().say("lesson-none")),
            }
            store.lessons.front = Some(Page::Lessons);
        }
        Deed::Be(name) => {
            if let Err(why) = store.lessons.student.be(&name) {
                store.problem(why);
            }
        }
        Deed::SomebodyElse => store.lessons.student.forget(),
        Deed::OwnWindow => store.lessons.own_window = !store.lessons.own_window,
        // Where the question stands, the keys stand too.
        Deed::AnswerFirst => store.lessons.front = Some(Page::Lesson),
        deed => match &mut store.lessons.open {
            Some(open) => to_lesson(open, deed),
            None => store.tell(store.lang().say("lesson-none")),
        },
    }
}

/// What is told to the open lesson.
fn to_lesson(open: &mut Open, deed: Deed) {
    // Nobody can do anything to what is only gone through again.
    if open.past.is_some() {
        return;
    }
    match deed {
        Deed::Next if open.goes() == Goes::Plays => open.hurries = true,
        Deed::Next => open.tell(Input::Next),
        Deed::Back => open.tell(Input::Back),
        Deed::Return => open.tell(Input::Return),
        Deed::Choose(choice) => open.tell(Input::Choose(choice)),
        Deed::WhatIf(choice) => open.tell(Input::WhatIf(choice)),
        Deed::Hint => open.tell(Input::Hint),
        Deed::Solve => open.tell(Input::Solve),
        Deed::Votes(choice, count) => {
            let Some(question) = open.runner.question() else { return };
            let (id, choices) = (question.id.clone(), question.choices.len());
            let votes = open.votes.entry(id).or_insert_with(|| vec![0; choices]);
            if let Some(vote) = votes.get_mut(choice) {
                *vote = count;
            }
        }
        _ => {}
    }
}

fn begin(store: &mut Store, id: &str, goes_on: bool, now: f64) {
    let Some(lesson) = find(id) else { return };
    if let Some(open) = store.lessons.open.take() {
        usual_speed(store, open.speed);
    }
    store.shown.hint = false;
    if store.lessons.student.name().is_none() {
        let name = store.lang().say("lessons-nobody");
        run(store, Deed::Be(name), now);
    }
    let past = store.lessons.student.unfinished(lesson).filter(|_| goes_on).cloned();
    let open = Open::new(lesson, past.as_ref(), now);
    if past.is_none() {
        let unix = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let began = Entry::Began { lesson: lesson.id.clone(), version: lesson.version, seed: None, unix };
        if let Err(why) = store.lessons.student.note(0.0, &began) {
            store.problem(why);
        }
    }
    store.lessons.open = Some(open);
}

fn usual_speed(store: &mut Store, speed: Option<f64>) {
    if let Some(speed) = speed {
        store.playhead.set_speed(speed);
    }
}

/// Goes on with the open lesson, as far as it goes in this frame.
pub fn follow(store: &mut Store, remote: &mut Remote, now: f64) {
    let Some(mut open) = store.lessons.open.take() else { return };
    open.tick(now);
    for _ in 0..ROUNDS {
        obey_all(&mut open, store, remote);
        if !open.is_here() || open.show.is_some() {
            break;
        }
        keep_within(&mut open, store, remote);
        if !open.outputs.is_empty() || open.show.is_some() {
            continue;
        }
        let at = Moment { len: store.playhead.len(), time: store.playhead.at() };
        let outputs = open.runner.look(Sight { trace: &store.trace, branch: store.branch, at });
        let looked = outputs.is_empty();
        open.outputs.extend(outputs);
        open.mark();
        if looked && !open.go_through() {
            break;
        }
    }
    if open.compares && !matches!(open.runner.deed(), Some(Beat::Compare(..))) {
        open.compares = false;
    }
    store.lessons.open = Some(open);
}

/// Whether the lesson wants lanes to be seen.
pub(crate) fn compares(lessons: &Lessons) -> bool {
    lessons.open.as_ref().is_some_and(|open| open.compares)
}

/// Does what is to be done, up to what has to be waited for.
fn obey_all(open: &mut Open, store: &mut Store, remote: &mut Remote) {
    loop {
        if open.load == Load::Awaited || !try_show(open, store, remote) {
            return;
        }
        let Some(output) = open.outputs.pop_front() else { return };
        obey(open, store, remote, output);
    }
}

fn obey(open: &mut Open, store: &mut Store, remote: &mut Remote, output: Output) {
    match output {
        Output::Open { scenario, layout } => {
            store.playhead.set_playing(false);
            usual_speed(store, open.speed.take());
            (open.stop, open.plays, open.hurries) = (None, None, false);
            open.run = Some((scenario.clone(), layout));
            open.load = Load::Awaited;
            remote.ask(Ask::Load(scenario));
        }
        Output::Freeze => {
            store.playhead.set_playing(false);
            usual_speed(store, open.speed.take());
            (open.stop, open.plays, open.hurries) = (None, None, false);
        }
        Output::Play { until, slowed } => {
            (open.stop, open.plays) = (None, Some((store.branch, until)));
            usual_speed(store, open.speed.take());
            if let Some(slowed) = slowed {
                open.speed = Some(store.playhead.speed());
                store.playhead.set_speed(1.0 / f64::from(slowed.clamp(1, SLOWED_MOST)));
            }
            // Whoever wants no motion sees where it leads to.
            open.hurries = store.shown.reduced_motion;
            store.playhead.set_playing(!open.hurries);
        }
        Output::StopAt(at) => {
            open.stop = Some(at);
            open.plays.get_or_insert((store.branch, at.time));
            stop_there(open, store);
        }
        Output::Show(branch, at) => {
            store.playhead.set_playing(false);
            (open.stop, open.plays, open.hurries) = (None, None, false);
            open.show = Some((branch, at));
        }
        Output::Act(at, action) => {
            store.playhead.set_playing(false);
            open.asked = true;
            store.acting = true;
            act(remote, store.branch, at, action);
        }
        Output::Focus(focus) => point(store, &focus),
        Output::Compare(comparison) => {
            open.compares = true;
            store.lessons.comparison = Some(comparison);
        }
        Output::Note(entry) => {
            if let Err(why) = open.note(&mut store.lessons.student, &entry) {
                store.problem(why);
            }
        }
    }
}

/// Does something in a branch of its own: what was looked at stays as it is.
pub(crate) fn act(remote: &mut Remote, branch: BranchId, at: Moment, action: Action<Target>) {
    let (len, at) = (at.len as u32, at.time);
    remote.ask(Ask::ActAs { branch, len, at, seen: u32::MAX, fork: true, action });
}

/// Shows what is to be shown, once it is known. Whether nothing has to be waited for.
fn try_show(open: &mut Open, store: &mut Store, remote: &mut Remote) -> bool {
    let Some((branch, at)) = open.show else { return true };
    if store.trace.branch(branch).is_none() {
        open.show = None;
        return true;
    }
    store.branch = branch;
    let progress = store.progress();
    let len = store.trace.line(branch).len();
    if !progress.finished && (progress.now < at.time || len < at.len) {
        remote.run_to(branch, at.time.max(Time(1)));
        return false;
    }
    store.playhead.show(at.len.min(len), at.time);
    open.show = None;
    true
}

/// Time stops where the runner has said, and where the play ends.
fn keep_within(open: &mut Open, store: &mut Store, remote: &mut Remote) {
    stop_there(open, store);
    let Some((branch, until)) = open.plays.filter(|(branch, _)| *branch == store.branch) else { return };
    let progress = store.progress();
    let line = store.trace.line(branch);
    let told = progress.finished || progress.now >= until;
    if open.hurries {
        store.playhead.set_playing(false);
        match open.stop {
            Some(at) if (store.playhead.len(), store.playhead.at()) != (at.len, at.time) => {
                open.show = Some((branch, at));
            }
            Some(_) => {}
            // Where nothing more is found, that is found at the end.
            None if told && store.playhead.at() < until => {
                store.playhead.show(line.moment(until), until);
            }
            None => remote.run_to(branch, until),
        }
    } else if progress.finished && store.playhead.at() >= line.end() && store.playhead.at() < until {
        store.playhead.show(line.len(), until);
    }
}

/// Not further than where time must stop.
fn stop_there(open: &Open, store: &mut Store) {
    let Some(at) = open.stop.filter(|_| open.plays_in(store.branch)) else { return };
    if store.playhead.len() >= at.len && store.playhead.at() >= at.time {
        store.playhead.show(at.len, at.time);
    }
}

/// Points at things: what cannot be seen comes to the front.
fn point(store: &mut Store, focus: &Focus) {
    let page = focus.page.map(page).or((!focus.nodes.is_empty()).then_some(Page::Stage));
    if page.is_some() {
        store.lessons.front = page;
    }
    if let Some(path) = &focus.path {
        store.znodes.look(Look::Reveal(path.as_str().into()));
    }
}

/// The page that a lesson means by this name.
fn page(name: PageName) -> Page {
    match name {
        PageName::Stage => Page::Stage,
        PageName::Logs => Page::Logs,
        PageName::Inspector => Page::Inspector,
        PageName::Events => Page::Events,
        PageName::Console => Page::Console,
        PageName::Tree => Page::Tree,
        PageName::Sessions => Page::Sessions,
        PageName::Queues => Page::Queues,
        PageName::Checks => Page::Checks,
        PageName::Disks => Page::Disks,
        PageName::Guards => Page::Guards,
        PageName::SpaceTime => Page::SpaceTime,
        PageName::Why => Page::Why,
        PageName::Cost => Page::Cost,
    }
}

/// What somebody does by hand is done to the lesson's own line in a branch of its own. Whether it was that line.
pub(crate) fn acted_by_hand(store: &Store, remote: &mut Remote, action: &Action) -> bool {
    if !store.lessons.guards(store.branch) {
        return false;
    }
    let named: Result<_, std::convert::Infallible> = action.clone().map(|node| Ok(Target::Node(node)));
    let Ok(named) = named;
    let at = Moment { len: store.playhead.len(), time: store.playhead.at() };
    act(remote, store.branch, at, named);
    true
}
