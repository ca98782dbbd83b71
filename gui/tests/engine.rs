//! The window on the real engine: what a person sees of a shipped scenario.

use egui::{Key, Modifiers, Vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use std::sync::Arc;
use std::time::{Duration, Instant};
use zoolab_core::scenario::Scenario;
use zoolab_driver::engine;
use zoolab_window::app::Window;
use zoolab_window::scenarios;
use zoolab_window::tokens::Tokens;

/// The engine answers within milliseconds; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(20);

fn open(scenario: Arc<Scenario>) -> Harness<'static, Window> {
    Harness::builder().with_size(Vec2::new(1280.0, 800.0)).with_context_setup(Tokens::apply).build_ui_state(
        |ui, window: &mut Window| {
            window.logic(ui.ctx());
            window.ui(ui);
        },
        Window::new(engine::start(), scenario),
    )
}

/// Draws frames until this is true.
fn wait(harness: &mut Harness<'static, Window>, what: &str, done: impl Fn(&Window) -> bool) {
    let begin = Instant::now();
    while !done(harness.state()) {
        assert!(begin.elapsed() < PATIENCE, "{what} never happened");
        harness.step();
    }
    harness.run_steps(3);
}

fn press(harness: &mut Harness<'static, Window>, modifiers: Modifiers, key: Key) {
    harness.key_press_modifiers(modifiers, key);
    harness.run_steps(2);
    wait(harness, "the goal", |window| window.store().playhead.goal().is_none());
}

#[test]
fn milestones_lead_through_a_whole_scenario() {
    let scenario = scenarios::shipped().iter().find(|scenario| scenario.name == "A proposal in one log only");
    let mut harness = open(scenario.expect("it is shipped").clone());
    wait(&mut harness, "the run", |window| window.store().line().is_some_and(|line| !line.is_empty()));
    press(&mut harness, Modifiers::NONE, Key::Space);
    let mut last = None;
    for _ in 0..200 {
        press(&mut harness, Modifiers::SHIFT, Key::ArrowRight);
        let store = harness.state().store();
        let now = (store.playhead.len(), store.playhead.at());
        eprintln!(
            "{now:?} {:?} {:?}",
            store.progress(),
            store.notices.iter().map(|n| &n.text).collect::<Vec<_>>()
        );
        if last == Some(now) {
            break;
        }
        last = Some(now);
    }
    assert!(harness.query_by_label_contains("truncated").is_some());
}
