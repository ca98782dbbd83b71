//! Runs commands on a comparison: the only place where what a person asks for changes it.

use crate::command::Command;
use crate::compare::align::Align;
use crate::compare::verb::RoleVerb;
use crate::compare::{Compare, tell};
use crate::lang::Lang;
use crate::playhead::Goal;
use crate::state::Notice;
use zoolab_core::scenario::ProtocolName;
use zoolab_core::time::Time;

/// Writes that lanes can be aligned by at most.
pub const NTH_MOST: u32 = 99;

/// Does what a command says; gives it back if it is not about the comparison.
pub fn run(compare: &mut Compare, command: Command, lang: Lang) -> Option<Command> {
    match command {
        Command::Role(verb) => act(compare, verb, lang),
        Command::HealAll => act(compare, RoleVerb::HealAll, lang),
        Command::Server(other) | Command::Other(other) => compare.other = other.max(1),
        Command::Align(align) => set_align(compare, align),
        Command::NextAlign => {
            let next = compare.align.next(compare.nth);
            set_align(compare, next);
        }
        Command::NextNth => set_nth(compare, compare.nth + 1),
        Command::PreviousNth => set_nth(compare, compare.nth.saturating_sub(1)),
        Command::NextBranch => {
            let next = (compare.track + 1) % compare.tracks.len().max(1);
            show_track(compare, next);
        }
        Command::Track(track) => show_track(compare, track),
        Command::Dismiss(index) => {
            if index < compare.notices.len() {
                compare.notices.remove(index);
            }
        }
        command => return move_clock(compare, command),
    }
    None
}

/// The commands that move the clock or change its pace.
fn move_clock(compare: &mut Compare, command: Command) -> Option<Command> {
    let Compare { clock, lanes, .. } = compare;
    let happenings = super::Lanes(lanes);
    match command {
        Command::PlayPause => clock.set_playing(!clock.playing()),
        Command::Faster => clock.faster(),
        Command::Slower => clock.slower(),
        Command::Speed(speed) => clock.set_speed(speed),
        Command::StepForward => clock.pursue(Goal::Step),
        Command::NextMilestone | Command::GoOn => clock.pursue(Goal::Milestone),
        Command::StepBack => clock.back(&happenings, false),
        Command::PreviousMilestone | Command::GoBack => clock.back(&happenings, true),
        Command::Start => {
            clock.set_playing(false);
            clock.jump(Time::ZERO);
        }
        Command::End => {
            let seen = compare.tracks.get(compare.track).map_or(Time::ZERO, |track| track.seen);
            compare.clock.jump(seen);
        }
        Command::Seek(time) => clock.pursue(Goal::Time(time)),
        command => return Some(command),
    }
    None
}

/// Does something in every lane at the time that is shown; in the past of the lanes it opens a track.
fn act(compare: &mut Compare, verb: RoleVerb, lang: Lang) {
    if compare.acting.is_some() {
        return;
    }
    let at = compare.clock.at();
    compare.clock.jump(at);
    compare.look(crate::pace::Screen(0.0));
    let opens = compare.tracks.get(compare.track).is_some_and(|track| at < track.seen);
    let name = verb.text_for(compare.other, lang).to_lowercase();
    if verb == RoleVerb::Write {
        compare.written += 1;
    }
    let mut asked = false;
    for index in 0..compare.lanes.len() {
        let fork = opens || is_shared(compare, index);
        let Some(lane) = compare.lanes.get_mut(index) else { continue };
        match verb.offer(lane, compare.other, compare.written, lang) {
            Ok(action) => {
                if lane.act(at, fork, action) {
                    asked = true;
                } else {
                    missing(&mut compare.notices, lane.protocol(), &name, &lang.say("lane-not-begun"));
                }
            }
            Err(why) => missing(&mut compare.notices, lane.protocol(), &name, &why),
        }
    }
    if asked {
        compare.acting = Some((opens, name));
    }
}

/// Says why something was not done in one lane.
fn missing(notices: &mut Vec<Notice>, lane: ProtocolName, name: &str, why: &str) {
    tell(notices, format!("{lane}: {name}: {why}"), false);
}

/// Whether another track shows the same branch of this lane.
fn is_shared(compare: &Compare, lane: usize) -> bool {
    let branch = |track: usize| compare.tracks.get(track).and_then(|track| track.branches.get(lane));
    (0..compare.tracks.len()).any(|other| other != compare.track && branch(other) == branch(compare.track))
}

fn show_track(compare: &mut Compare, track: usize) {
    let Some(shown) = compare.tracks.get(track) else { return };
    for (lane, branch) in compare.lanes.iter_mut().zip(&shown.branches) {
        lane.show_branch(*branch);
    }
    compare.track = track;
    compare.clock.jump(compare.clock.at().min(shown.seen));
}

fn set_align(compare: &mut Compare, align: Align) {
    compare.align = align;
    if let Align::Write(_, nth) = align {
        compare.nth = nth;
    }
    compare.realign();
}

fn set_nth(compare: &mut Compare, nth: u32) {
    compare.nth = nth.clamp(1, NTH_MOST);
    if let Align::Write(turn, _) = compare.align {
        set_align(compare, Align::Write(turn, compare.nth));
    }
}
