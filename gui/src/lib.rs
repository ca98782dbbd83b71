//! ZooLab's window: reads the trace, asks the engine, draws. Knows no simulator and no protocol.
//!
//! ```text
//!  engine ──answers──▶ Store ──Cx──▶ panels ──Scene──▶ paint
//!     ▲                  ▲              │
//!     └──asks── run_command ◀─Command───┘
//! ```
//!
//! While several protocols are compared, each lane is a Store with an engine of its own: see [`compare`].
#![cfg(feature = "window")]

pub mod app;
pub mod axis;
pub mod command;
pub mod compare;
pub mod console;
pub mod control;
pub mod cx;
pub mod demo;
pub mod dock;
pub mod editor;
pub mod family;
pub mod feed;
pub mod files;
pub mod fonts;
pub mod index;
pub mod lang;
pub mod lesson;
pub mod link;
pub mod live;
pub mod meter;
pub mod pace;
pub mod page;
pub mod paint;
pub mod panel;
pub mod playhead;
pub mod queues;
pub mod recipe_form;
pub mod request_form;
pub mod ron_text;
pub mod run_command;
pub mod run_control;
pub mod scenarios;
pub mod selection;
pub mod settings;
pub mod spacetime;
pub mod state;
pub mod tokens;
pub mod verb;
pub mod watchers;
pub mod why;
pub mod widget;
pub mod words;
pub mod znodes;

use app::Window;
use egui::ViewportBuilder;
use std::path::PathBuf;
use std::sync::Arc;
use zoolab_core::scenario::load;
use zoolab_driver::channel::Link;

/// Width and height of a new window, and the least that everything fits in.
const SIZE: [f32; 2] = [1280.0, 800.0];
const SIZE_LEAST: [f32; 2] = [960.0, 600.0];

/// The name under which the system keeps what belongs to the program.
const APP: &str = "zoolab";

/// Wakes the window from any thread.
pub type Wake = Box<dyn Fn() + Send>;

/// Opens the window, on a file if there is one, and returns when it is closed. `start` gives the link to an engine, for the run
/// and for each lane of a comparison; what it is given wakes the window from any thread.
pub fn open(file: Option<PathBuf>, start: impl Fn(Wake) -> Link + 'static) -> Result<(), String> {
    let viewport =
        ViewportBuilder::default().with_title("ZooLab").with_inner_size(SIZE).with_min_inner_size(SIZE_LEAST);
    let options = eframe::NativeOptions { viewport, ..eframe::NativeOptions::default() };
    let create = move |cc: &eframe::CreationContext<'_>| {
        let ctx = cc.egui_ctx.clone();
        let engine = move || {
            let ctx = ctx.clone();
            start(Box::new(move || ctx.request_repaint()))
        };
        tokens::Tokens::apply(&cc.egui_ctx);
        let kept = cc.storage.and_then(|storage| eframe::get_value(storage, settings::KEY));
        let window = Window::new(engine(), scenarios::opening()).with_engines(engine);
        let is_first = kept.is_none();
        let window = match eframe::storage_dir(APP) {
            Some(folder) => window.with_progress(folder.join("progress")),
            None => window,
        };
        let window = window.with_settings(kept.unwrap_or_default());
        if is_first && file.is_none() {
            // A newcomer is shown where to begin.
            window.send(command::Command::Page(page::Page::Lessons));
        }
        if let Some(file) = file {
            // The hint is about the opening run.
            window.send(command::Command::DismissHint);
            let shipped = zoolab_driver::shipped::named(&file);
            let scenario = shipped.and_then(|shipped| load(&shipped.file(), shipped.text).ok());
            window.send(match scenario {
                Some(scenario) => command::Command::Load(Arc::new(scenario)),
                None => command::Command::OpenPath(file),
            });
        }
        Ok(Box::new(window) as Box<dyn eframe::App>)
    };
    eframe::run_native(APP, options, Box::new(create)).map_err(|error| error.to_string())
}
