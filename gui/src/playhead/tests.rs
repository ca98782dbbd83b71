//! Time on made-up runs.

use super::*;
use crate::demo;
use crate::lang::Language;
use zoolab_core::ids::NodeId;
use zoolab_core::protocol::{Glyph, LinkKind, MessageView};
use zoolab_core::trace::{BranchId, Trace};
use zoolab_core::view::Role;

const PACE: Pace = Pace { pings: false, skip_quiet: true, reduced_motion: true };
const FRAME: Screen = Screen(0.016);

fn election() -> Trace {
    let (nodes, records) = demo::election();
    let mut trace = Trace::new(nodes);
    trace.extend(BranchId(0), records);
    trace
}

/// Plays for so long; returns where we are.
fn play(playhead: &mut Playhead, line: Line<'_>, screen_s: f64, pace: Pace) -> Time {
    for _ in 0..(screen_s / FRAME.0) as usize {
        playhead.advance(line, FRAME, Time::from_ms(300), false, pace);
    }
    playhead.at()
}

#[test]
fn a_quiet_stretch_is_hurried_through_and_a_busy_one_is_not() {
    let trace = election();
    let line = trace.line(BranchId(0));
    let mut playhead = Playhead::default();
    let at = play(&mut playhead, line, 0.3, PACE);
    assert!(at < Time::from_ms(6), "the votes flew by: {at} after 0.3 s");
    let at = play(&mut playhead, line, 3.0, PACE);
    assert!(at > Time::from_ms(200), "200 ms of silence took more than 3 s: {at}");
    let mut patient = Playhead::default();
    let at = play(&mut patient, line, 3.0, Pace { skip_quiet: false, ..PACE });
    assert!((at.as_ms() - 30.0).abs() < 1.0, "3 s at 1/100 are 30 ms, not {at}");
}

#[test]
fn it_does_not_run_past_what_the_engine_has_told() {
    let trace = election();
    let mut playhead = Playhead::default();
    playhead.set_speed(100.0);
    let at = play(&mut playhead, trace.line(BranchId(0)), 1.0, PACE);
    assert_eq!(at, Time::from_ms(300));
}

#[test]
fn a_step_over_hidden_pings_goes_to_what_can_be_seen() {
    let [s1, s2] = [1, 2].map(NodeId::Server);
    let view = |sid| demo::server(sid, Role::Following, 1, 1);
    let mut script = demo::Script::default();
    script.happens(s1, zoolab_core::trace::What::Booted, view(1));
    script.at(5);
    for _ in 0..3 {
        let ping = MessageView::new("PING", Glyph::Ping, LinkKind::Stream);
        script.sends(s1, s2, view(1), ping, Some(9));
    }
    script.at(20).happens(s2, zoolab_core::trace::What::Booted, view(2));
    let mut trace = Trace::new(vec![s1, s2]);
    trace.extend(BranchId(0), script.records());
    let line = trace.line(BranchId(0));
    let places = |pace| {
        let mut playhead = Playhead::default();
        let mut places = Vec::new();
        for _ in 0..2 {
            playhead.pursue(Goal::Step);
            playhead.advance(line, FRAME, Time::from_ms(20), false, pace);
            places.push(playhead.len());
        }
        playhead.step_back(line, pace);
        places.push(playhead.len());
        places
    };
    assert_eq!(places(PACE), [1, 5, 1]);
    assert_eq!(places(Pace { pings: true, ..PACE }), [1, 2, 1]);
}

#[test]
fn a_goal_that_is_not_there_yet_is_waited_for() {
    let trace = election();
    let line = trace.line(BranchId(0));
    let mut playhead = Playhead::default();
    playhead.jump(line, line.len());
    playhead.pursue(Goal::Step);
    assert_eq!(playhead.advance(line, FRAME, Time::from_ms(300), false, PACE), None);
    assert_eq!(playhead.goal(), Some(Goal::Step));
    assert!(playhead.wants(Time::from_ms(300)) > Time::from_ms(300));
    let far = Time::from_ms(400_000);
    assert_eq!(playhead.advance(line, FRAME, far, false, PACE), Some(Stop::NothingAhead));
    assert_eq!(playhead.goal(), None);
}

#[test]
fn an_idle_cluster_is_not_watched_for_ever() {
    let trace = election();
    let line = trace.line(BranchId(0));
    let mut playhead = Playhead::default();
    playhead.jump(line, line.len());
    let mut stop = None;
    for _ in 0..10_000 {
        stop = stop.or(playhead.advance(line, FRAME, Time::from_ms(90_000), false, PACE));
    }
    assert_eq!(stop, Some(Stop::Idle));
    assert!(!playhead.playing());
}

#[test]
fn speed_is_told_in_words() {
    let mut playhead = Playhead::default();
    playhead.set_speed(0.05);
    assert_eq!(playhead.speed_text(Lang::of(Language::English)), "1 s of cluster time = 20 s");
    playhead.set_speed(1000.0);
    assert_eq!(playhead.speed_text(Lang::of(Language::English)), "100 s of cluster time = 1 s");
}
