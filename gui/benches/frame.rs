//! The window's own work for one frame: logic, layout, scenes and tessellation, without the graphics card.
//! The target is 8 ms at nine servers and 500 messages in flight.

use criterion::{Criterion, criterion_group, criterion_main};
use crossbeam_channel::bounded;
use egui::{Context, Pos2, RawInput, Rect, Vec2};
use std::hint::black_box;
use zoolab_core::time::Time;
use zoolab_core::trace::BranchId;
use zoolab_driver::channel::{Answer, Link};
use zoolab_window::app::Window;
use zoolab_window::command::Command;
use zoolab_window::tokens::Tokens;
use zoolab_window::{demo, scenarios};

const SERVERS: u8 = 9;
const MESSAGES: u32 = 500;
/// Screen time between two frames.
const FRAME_S: f64 = 1.0 / 60.0;

/// A window that is shown a made-up run.
struct Bench {
    ctx: Context,
    window: Window,
    time: f64,
}

impl Bench {
    fn new() -> Self {
        // The other ends may go: what the window asks is of no interest here.
        let (asks, _) = bounded(64);
        let (answer, answers) = bounded(64);
        let scenario = scenarios::ensemble(SERVERS);
        let window = Window::new(Link { asks, answers }, scenario.clone());
        let (nodes, records) = demo::crowd(SERVERS, MESSAGES);
        let branch = BranchId(0);
        for told in [
            Answer::Loaded { scenario, nodes },
            Answer::Records { branch, records },
            Answer::Reached { branch, now: Time::from_ms(60), finished: false },
        ] {
            answer.send(told).expect("the window holds the other end");
        }
        let ctx = Context::default();
        Tokens::apply(&ctx);
        let mut bench = Self { ctx, window, time: 0.0 };
        bench.frame();
        bench.window.send(Command::PlayPause);
        bench.window.send(Command::Seek(Time::from_ms(50)));
        for _ in 0..10 {
            bench.frame();
        }
        let store = bench.window.store();
        let line = store.line().expect("a run was told");
        assert_eq!(line.flights(store.playhead.len()).len(), MESSAGES as usize);
        bench
    }

    fn frame(&mut self) {
        self.time += FRAME_S;
        let screen_rect = Some(Rect::from_min_size(Pos2::ZERO, Vec2::new(1920.0, 1080.0)));
        let input = RawInput { screen_rect, time: Some(self.time), ..RawInput::default() };
        let mut output = self.ctx.run_ui(input, |ui| {
            self.window.logic(ui.ctx());
            self.window.ui(ui);
        });
        // No graphics card takes the textures here.
        output.textures_delta.clear();
        black_box(self.ctx.tessellate(output.shapes, output.pixels_per_point));
    }
}

fn frame(criterion: &mut Criterion) {
    let mut bench = Bench::new();
    criterion.bench_function("frame, 9 servers, 500 messages", |bencher| bencher.iter(|| bench.frame()));
}

criterion_group!(benches, frame);
criterion_main!(benches);
