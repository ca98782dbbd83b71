//! A window without a screen, for tests.

use egui::Vec2;
use egui_kittest::Harness;
use zoolab_window::app::Window;
use zoolab_window::tokens::Tokens;

/// The window at 1280 by 800, laid out frame by frame as the test asks.
pub fn harness(window: Window) -> Harness<'static, Window> {
    Harness::builder().with_size(Vec2::new(1280.0, 800.0)).with_context_setup(Tokens::apply).build_ui_state(
        |ui, window: &mut Window| {
            window.logic(ui.ctx());
            window.ui(ui);
        },
        window,
    )
}
