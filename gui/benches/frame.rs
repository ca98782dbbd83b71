//! The window's own work for one frame: logic, layout, scenes and tessellation, without the graphics card.
//!
//! The target is 8 ms at 25 servers, 2,000 messages in flight and a million records, whichever page is open, at rest
//! and while time passes. `docs/performance.md` has the figures.

use criterion::{Criterion, criterion_group, criterion_main};
use crossbeam_channel::{Receiver, Sender, bounded};
use egui::{Context, Pos2, RawInput, Rect, Vec2};
use std::hint::black_box;
use zoolab_core::ids::NodeId;
use zoolab_core::time::Time;
use zoolab_core::trace::{BranchId, Record};
use zoolab_driver::channel::{Answer, Ask, Link};
use zoolab_window::app::Window;
use zoolab_window::command::Command;
use zoolab_window::page::Page;
use zoolab_window::tokens::Tokens;
use zoolab_window::{demo, scenarios};

/// The program's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const SERVERS: u8 = 25;
const MESSAGES: u32 = 2000;
const RECORDS: u32 = 1_000_000;
/// Clients in line for one lock.
const WAITERS: u16 = 10_000;
/// Screen time between two frames.
const FRAME_S: f64 = 1.0 / 60.0;
/// Frames in which everything that is found a slice at a time is found.
const SETTLING: usize = 120;

/// A window that is shown a made-up run.
struct Bench {
    ctx: Context,
    window: Window,
    time: f64,
    end: Time,
    /// The other end of the channel, which must stay open.
    _ends: (Receiver<Ask>, Sender<Answer>),
}

impl Bench {
    fn new() -> Self {
        let bench = Self::of(SERVERS, demo::long(SERVERS, MESSAGES, RECORDS));
        let store = bench.window.store();
        let line = store.line().expect("a run was told");
        assert_eq!(line.flights(store.playhead.len()).len(), MESSAGES as usize);
        bench
    }

    /// A window that is shown this run.
    fn of(servers: u8, (nodes, records): (Vec<NodeId>, Vec<Record>)) -> Self {
        let (asks, asked) = bounded(64);
        let (answer, answers) = bounded(64);
        let scenario = scenarios::ensemble(servers);
        let window = Window::new(Link { asks, answers }, scenario.clone());
        let end = records.last().map_or(Time::ZERO, |record| record.at);
        let branch = BranchId(0);
        for told in [
            Answer::Loaded { scenario, nodes },
            Answer::Records { branch, records },
            Answer::Reached { branch, now: end, finished: true },
        ] {
            answer.send(told).expect("the window holds the other end");
        }
        let ctx = Context::default();
        Tokens::apply(&ctx);
        let mut bench = Self { ctx, window, time: 0.0, end, _ends: (asked, answer) };
        bench.frame();
        bench.window.send(Command::PlayPause);
        bench.window.send(Command::DismissHint);
        bench.window.send(Command::Seek(end));
        bench.settle();
        bench
    }

    fn settle(&mut self) {
        (0..SETTLING).for_each(|_| self.frame());
    }

    /// Only this page besides the stage and the logs.
    fn show(&mut self, page: Page) {
        if !self.window.store().front.contains(&page) {
            self.window.send(Command::Page(page));
        }
        self.settle();
    }

    /// A frame while time passes: each looks a little later than the one before, and begins again at the end.
    fn passing(&mut self, nth: &mut u64) {
        *nth = (*nth + 1) % 1000;
        let from = self.end.0.saturating_sub(3000);
        self.window.send(Command::Seek(Time(from + *nth * 3)));
        self.frame();
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
    let mut group = criterion.benchmark_group("25 servers, 2,000 messages, 1,000,000 records");
    group.sample_size(30);
    for page in Page::ALL {
        bench.show(page);
        group.bench_function(format!("at rest, {page:?}"), |bencher| bencher.iter(|| bench.frame()));
    }
    for page in [Page::Events, Page::Cost, Page::Words, Page::Tree] {
        bench.show(page);
        let mut nth = 0;
        group.bench_function(format!("time passes, {page:?}"), |bencher| {
            bencher.iter(|| bench.passing(&mut nth));
        });
    }
    group.finish();
}

/// One lock that ten thousand wait for: at rest, while one after the other leaves, and while somebody goes back.
fn queue(criterion: &mut Criterion) {
    let mut bench = Bench::of(1, demo::waiting(WAITERS));
    bench.show(Page::Queues);
    let mut group = criterion.benchmark_group("10,000 in line for one lock");
    group.sample_size(30);
    group.bench_function("at rest", |bencher| bencher.iter(|| bench.frame()));
    let mut nth = 0;
    let mut look = |bench: &mut Bench, back: bool| {
        nth = (nth + 1) % u64::from(demo::LEAVING);
        let left = if back { u64::from(demo::LEAVING) - nth } else { nth };
        bench.window.send(Command::Seek(Time::from_ms(1000 + left)));
        bench.frame();
    };
    group.bench_function("one leaves each frame", |bencher| bencher.iter(|| look(&mut bench, false)));
    group.bench_function("backwards", |bencher| bencher.iter(|| look(&mut bench, true)));
    group.finish();
}

criterion_group!(benches, frame, queue);
criterion_main!(benches);
