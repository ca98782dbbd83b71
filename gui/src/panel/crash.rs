//! A crash asks what is lost, next to the server and not in a dialog: 1 to 3, or Enter for a power loss.

use crate::command::Command;
use crate::control::crash::{WAYS, at_stake, id};
use crate::cx::Cx;
use crate::tokens;
use egui::{Align2, Area, Button, Frame, Id, Order, Rect, RichText, Ui, vec2};
use zoolab_core::action::Action;
use zoolab_core::ids::NodeId;

/// The choice beside the server, which is drawn at `place`, inside of `room`.
pub fn crash_ui(ui: &Ui, cx: &Cx<'_>, server: NodeId, place: Rect, room: Rect) {
    let writes = at_stake(cx.line, cx.store.playhead.len(), server);
    let right = place.center().x < room.center().x;
    let (pivot, at) = if right {
        (Align2::LEFT_CENTER, place.right_center() + vec2(tokens::GAP, 0.0))
    } else {
        (Align2::RIGHT_CENTER, place.left_center() - vec2(tokens::GAP, 0.0))
    };
    Area::new(Id::unique("what a crash loses"))
        .order(Order::Foreground)
        .pivot(pivot)
        .fixed_pos(at)
        .constrain_to(room)
        .show(ui, |ui| {
            Frame::popup(ui.style()).show(ui, |ui| {
                let server_name = server.to_string();
                let title =
                    cx.say_with("crash-asks", &[("server", server_name.into()), ("writes", writes.into())]);
                ui.label(RichText::new(title).strong());
                for (place, lose) in WAYS.into_iter().enumerate() {
                    let key = if place == 0 { "1  ⏎".to_owned() } else { (place + 1).to_string() };
                    let button = Button::new(cx.say(id(lose)))
                        .shortcut_text(RichText::new(key).color(cx.tokens.weak))
                        .min_size(vec2(250.0, 0.0));
                    if ui.add(button).on_hover_text(cx.say(&format!("{}.tip", id(lose)))).clicked() {
                        cx.send(Command::Act(Action::Crash(server, lose)));
                    }
                }
                let none = Command::AskCrash(None);
                if ui.small_button(format!("{}  [Esc]", cx.say("crash-no"))).clicked() {
                    cx.send(none);
                }
            });
        });
}
