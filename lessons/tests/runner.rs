//! The runner beat by beat: what it wants of its host, what leads off the script and back.

mod common;

use common::{Empty, lesson};
use std::sync::Arc;
use zoolab_core::action::{Action, Lose};
use zoolab_core::ids::{NodeId, Seq};
use zoolab_core::lab::{Change, Lab, Place};
use zoolab_core::scenario::Target;
use zoolab_core::time::Time;
use zoolab_core::trace::{BranchId, Trace};
use zoolab_lessons::progress::Entry;
use zoolab_lessons::read;
use zoolab_lessons::runner::{Breach, Input, MAIN, Moment, Output, Runner, Sight, State};

/// A window without pixels: it does what it is told, and shows what a test wants it to show.
struct Host {
    runner: Runner,
    lab: Lab,
    trace: Trace,
    branch: BranchId,
    at: Moment,
    said: Vec<Output>,
}

impl Host {
    fn new() -> Self {
        let lesson = read(&lesson("lesson.ron", "version", "version"), &Empty);
        let lesson = Arc::new(lesson.unwrap_or_else(|problems| panic!("{problems}")));
        let (runner, said) = Runner::new(&lesson, None);
        let Some(Output::Open { scenario, .. }) = said.first() else { panic!("a run is opened: {said:?}") };
        let (lab, trace) = (Lab::new(scenario), Trace::new(scenario.nodes()));
        Self { runner, lab, trace, branch: MAIN, at: Moment::default(), said }
    }

    fn tell(&mut self, input: Input) -> Vec<Output> {
        let said = self.runner.handle(input);
        for output in &said {
            if let Output::Show(branch, at) = output {
                (self.branch, self.at) = (*branch, *at);
            }
        }
        self.said.extend(said.iter().cloned());
        said
    }

    /// Lets the shown branch go on to a time, and looks; time stops where the runner says so.
    fn pass(&mut self, ms: u64) -> Vec<Output> {
        let mut records = Vec::new();
        self.lab.run_to(self.branch, Time::from_ms(ms), usize::MAX, &mut records);
        self.trace.extend(self.branch, records);
        let len = self.trace.line(self.branch).moment(Time::from_ms(ms));
        self.at = Moment { len, time: Time::from_ms(ms) };
        self.look()
    }

    fn look(&mut self) -> Vec<Output> {
        let said = self.runner.look(Sight { trace: &self.trace, branch: self.branch, at: self.at });
        self.said.extend(said.iter().cloned());
        said
    }

    fn act(&mut self, action: Action<Target>) {
        let place = Place {
            branch: self.branch,
            len: self.at.len as u32,
            at: Some(self.at.time),
            seen: u32::MAX,
            fork: true,
        };
        let Change::Forked { branch, parent, len, name, records } = self.lab.act_as(place, action) else {
            panic!("it can be done")
        };
        self.trace.fork(parent, len, name);
        self.trace.extend(branch, records);
        self.branch = branch;
        self.at.len = self.trace.line(branch).len();
        self.tell(Input::Acted(branch, Seq(len)));
    }

    /// At the question.
    fn at_question() -> Self {
        let mut host = Self::new();
        host.tell(Input::Next);
        host.pass(100);
        assert!(matches!(host.runner.state(), State::Asked), "{:?}", host.runner.state());
        host
    }

    /// At the task.
    fn at_task() -> Self {
        let mut host = Self::at_question();
        host.tell(Input::Choose(0));
        host.pass(1000);
        host.tell(Input::Next);
        let at = host.runner.at();
        host.at = at;
        assert!(matches!(host.runner.state(), State::Trying(_)));
        host
    }

    fn notes(&self) -> Vec<&Entry> {
        let notes = self.said.iter().filter_map(|output| match output {
            Output::Note(entry) => Some(entry),
            _ => None,
        });
        notes.collect()
    }
}

fn server(sid: u8) -> Target {
    Target::Node(NodeId::Server(sid))
}

fn crash(sid: u8) -> Action<Target> {
    Action::Crash(server(sid), Lose::Pending)
}

#[test]
fn a_play_ends_after_the_step_in_which_it_comes_true() {
    let mut host = Host::new();
    assert!(matches!(host.runner.state(), State::Reading));
    let said = host.tell(Input::Next);
    assert!(matches!(said[..], [Output::Play { .. }]), "{said:?}");
    let said = host.pass(100);
    let Some(Output::StopAt(at)) = said.first() else { panic!("time must stop: {said:?}") };
    assert!(at.len > 0 && at.len < host.at.len, "at the vote, not at the end of what is known");
    assert_eq!(host.runner.at(), *at);
}

#[test]
fn what_is_shown_of_another_branch_moves_nothing() {
    let mut host = Host::new();
    host.tell(Input::Next);
    let other = host.trace.fork(MAIN, 0, "other".to_owned());
    (host.branch, host.at) = (other, Moment { len: 0, time: Time::from_ms(2000) });
    assert!(host.look().is_empty());
    assert!(!host.runner.is_on_script(other));
    let said = host.tell(Input::Return);
    assert!(matches!(said[..], [Output::Show(MAIN, _), Output::Play { .. }]), "{said:?}");
    host.pass(100);
    assert!(matches!(host.runner.state(), State::Asked));
}

#[test]
fn the_answer_is_known_when_the_run_has_come_to_it() {
    let mut host = Host::at_question();
    host.tell(Input::Choose(2));
    assert!(matches!(host.runner.state(), State::Revealing { chosen: 2, .. }));
    host.pass(101);
    assert!(matches!(host.runner.state(), State::Revealing { .. }), "nobody is elected yet");
    host.pass(1000);
    let State::Revealed(verdict) = host.runner.state() else { panic!("{:?}", host.runner.state()) };
    assert_eq!((verdict.right.as_slice(), verdict.is_right()), (&[true, false, false][..], false));
    assert_eq!(host.notes(), [&Entry::Answered { beat: "who".to_owned(), choice: "first".to_owned() }]);
}

#[test]
fn a_wrong_answer_can_be_seen_come_true_and_the_lesson_is_found_again() {
    let mut host = Host::at_question();
    let asked = host.runner.at();
    host.tell(Input::Choose(1));
    host.pass(1000);
    let revealed = host.runner.at();
    let said = host.tell(Input::WhatIf(1));
    assert!(matches!(said[..], [Output::Show(MAIN, at)] if at == asked), "{said:?}");
    let said = host.look();
    let act = said.iter().find_map(|output| match output {
        Output::Act(at, action) => Some((*at, action.clone())),
        _ => None,
    });
    assert_eq!(act, Some((asked, crash(3))));
    host.act(crash(3));
    assert!(host.look().iter().any(|output| matches!(output, Output::Play { .. })));
    host.pass(2000);
    assert!(matches!(host.runner.state(), State::Aside { right: Some(true), .. }));
    let said = host.tell(Input::Return);
    assert!(matches!(said[..], [Output::Show(MAIN, at)] if at == revealed), "{said:?}");
    assert!(matches!(host.runner.state(), State::Revealed(_)));
    // A choice that nothing makes right has no branch.
    assert!(host.tell(Input::WhatIf(2)).is_empty());
}

#[test]
fn a_task_is_solved_by_what_counts_only() {
    let mut host = Host::at_task();
    host.act(Action::Pause(server(2)));
    host.act(crash(1));
    host.look();
    let State::Trying(attempt) = host.runner.state() else { panic!() };
    assert_eq!((attempt.lamps(), attempt.is_reached()), (&[true][..], false));
    assert_eq!(attempt.breach(), Some(&Breach::NotAllowed("Pause".to_owned())));
    host.tell(Input::Return);
    host.act(crash(2));
    host.act(crash(1));
    host.look();
    let State::Trying(attempt) = host.runner.state() else { panic!() };
    assert_eq!(attempt.breach(), Some(&Breach::TooMany(1)));
    host.tell(Input::Return);
    host.act(crash(1));
    host.look();
    let State::Trying(attempt) = host.runner.state() else { panic!() };
    assert!(attempt.is_reached() && attempt.breach().is_none());
    let Some(Entry::Reached { acts, .. }) = host.notes().last() else { panic!("{:?}", host.notes()) };
    assert_eq!(acts.len(), 1);
    assert!(matches!(acts[0].action, Action::Crash(NodeId::Server(1), _)));
    // The lesson goes on where the task began, on its own line.
    let at = host.runner.at();
    let said = host.tell(Input::Next);
    assert!(matches!(said[0], Output::Show(MAIN, shown) if shown == at), "{said:?}");
}

#[test]
fn who_changes_the_past_of_a_task_has_not_solved_it() {
    let mut host = Host::at_task();
    let before = host.trace.line(MAIN).step_end(host.runner.at().len / 2);
    host.at = Moment { len: before, time: Time::from_ms(10) };
    host.act(crash(1));
    host.pass(1500);
    let State::Trying(attempt) = host.runner.state() else { panic!() };
    assert_eq!((attempt.is_reached(), attempt.breach()), (false, Some(&Breach::BeforeTask)));
}

#[test]
fn a_solution_that_was_shown_does_not_count() {
    let mut host = Host::at_task();
    host.tell(Input::Hint);
    host.tell(Input::Hint);
    host.tell(Input::Solve);
    host.look();
    let until = host.runner.at().time + zoolab_core::time::Span::from_ms(100);
    host.pass((until.as_ms()) as u64 + 1);
    host.act(crash(1));
    host.look();
    let State::Trying(attempt) = host.runner.state() else { panic!() };
    assert!(attempt.is_reached() && attempt.is_solution_shown());
    let hint = Entry::Hint { beat: "kill".to_owned(), nth: 1 };
    let shown = Entry::Shown { beat: "kill".to_owned() };
    assert_eq!(host.notes()[1..], [&hint, &shown], "one hint there is, and no success is noted");
}

#[test]
fn back_leads_to_what_was_asked_before() {
    let mut host = Host::at_task();
    let task = host.runner.at();
    host.tell(Input::Back);
    assert!(matches!(host.runner.state(), State::Asked));
    assert!(host.runner.at().len < task.len);
    host.tell(Input::Back);
    assert!(matches!(host.runner.state(), State::Reading));
    assert_eq!(host.runner.at(), Moment::default());
    host.tell(Input::Back);
    assert!(matches!(host.runner.state(), State::Reading), "there is nothing before the first card");
    host.tell(Input::Next);
    host.at = Moment::default();
    host.pass(100);
    assert!(matches!(host.runner.state(), State::Asked));
}
