//! A crash asks what is lost, if something could be: three keys, in place.

use crate::command::Command;
use egui::{Key, Modifiers};
use zoolab_core::action::{Action, Lose};
use zoolab_core::ids::NodeId;
use zoolab_core::trace::Line;

/// The ways to crash, in the order of their keys 1 to 3.
pub const WAYS: [Lose; 3] = [Lose::Pending, Lose::Torn, Lose::Nothing];

/// The id of the text of a way.
pub fn id(lose: Lose) -> &'static str {
    match lose {
        Lose::Pending => "crash-pending",
        Lose::Torn => "crash-torn",
        Lose::Nothing => "crash-nothing",
    }
}

/// Writes of a server that a crash now could lose.
pub fn at_stake(line: Line<'_>, len: usize, server: NodeId) -> u16 {
    line.view(server, len).map_or(0, |view| view.pending_writes)
}

/// What the keys of this frame answer; consumes them.
pub fn answered(ctx: &egui::Context, server: NodeId) -> Option<Command> {
    const KEYS: [Key; 3] = [Key::Num1, Key::Num2, Key::Num3];
    ctx.input_mut(|input| {
        let mut pressed = |key| input.consume_key(Modifiers::NONE, key);
        if pressed(Key::Escape) {
            return Some(Command::AskCrash(None));
        }
        let chosen = KEYS.into_iter().position(&mut pressed).or_else(|| pressed(Key::Enter).then_some(0));
        chosen.map(|way| Command::Act(Action::Crash(server, WAYS[way])))
    })
}
