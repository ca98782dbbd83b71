//! The window: wiring only. `logic` takes in answers, runs commands and lets time pass; `ui` lays out the
//! panels, which read and queue commands.

use crate::command::{self, Command, Mode};
use crate::compare::{self, Compare};
use crate::control::{branches, crash};
use crate::cx::{Board, Cx};
use crate::dock::Dock;
use crate::files;
use crate::files::dialog::{Dialog, Purpose};
use crate::lang::Lang;
use crate::lesson::{self, Deed, Open};
use crate::link::Remote;
use crate::page::Page;
use crate::panel::{compare_bar, compare_lanes, compare_time};
use crate::panel::{file_dialog, file_menu, help, hint, menus, palette, scrubber, toasts, transport};
use crate::panel::{lesson as lesson_page, presenter};
use crate::playhead::Screen;
use crate::run_command;
use crate::run_control;
use crate::settings::{self, Settings};
use crate::state::Store;
use crate::tokens::{self, Tokens};
use crate::widget;
use egui::{CentralPanel, Frame, Panel, Theme, Ui};
use std::cell::RefCell;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use zoolab_core::compare::Comparison;
use zoolab_core::scenario::Scenario;
use zoolab_driver::channel::{Ask, Link};
use zoolab_driver::engine;

/// Most screen time that one frame lets pass: after a stall the run goes on where it was.
const FRAME_MOST_S: f64 = 0.1;

/// The window and its end of the channel to the engine.
pub struct Window {
    store: Store,
    remote: Remote,
    queue: RefCell<Vec<Command>>,
    /// Where the pages stand: drawing them changes it, as scrolling changes an offset.
    dock: RefCell<Dock>,
    /// A file is picked: drawing it changes it, as typing changes a text.
    dialog: RefCell<Option<Dialog>>,
    /// The folder in which that was done at last.
    folder: RefCell<Option<PathBuf>>,
    /// Starts an engine for each lane of a comparison.
    engines: Box<dyn Fn() -> Link>,
    /// The lanes, while several protocols are compared; the one run rests.
    compare: Option<Compare>,
}

impl Window {
    /// A window on an engine, which is asked for this run at once.
    pub fn new(link: Link, scenario: Arc<Scenario>) -> Self {
        let mut remote = Remote::new(link);
        remote.ask(Ask::Load(scenario));
        let (store, queue) = (Store::default(), RefCell::new(Vec::new()));
        let (dock, dialog, folder) = (RefCell::default(), RefCell::default(), RefCell::default());
        Self { store, remote, queue, dock, dialog, folder, engines: Box::new(engine::start), compare: None }
    }

    /// As it was left at the last start.
    #[must_use]
    pub fn with_settings(mut self, settings: Settings) -> Self {
        self.dock = RefCell::new(settings.restore(&mut self.store));
        self
    }

    /// With each student's progress in a file of this folder.
    #[must_use]
    pub fn with_progress(mut self, folder: PathBuf) -> Self {
        if let Err(why) = self.store.lessons.student.keep_in(folder) {
            self.store.problem(why);
        }
        self
    }

    /// What there is to remember.
    pub fn settings(&self) -> Settings {
        Settings::of(&self.store, &self.dock.borrow())
    }

    /// With something else to start the engines of lanes.
    #[must_use]
    pub fn with_engines(mut self, engines: impl Fn() -> Link + 'static) -> Self {
        self.engines = Box::new(engines);
        self
    }

    /// Takes in answers, runs commands, lets time pass.
    pub fn logic(&mut self, ctx: &egui::Context) {
        let passed = Screen(f64::from(ctx.input(|input| input.stable_dt)).min(FRAME_MOST_S));
        for answer in self.remote.receive(passed) {
            self.store.apply(answer);
        }
        if self.store.opens && self.store.line().is_some_and(|line| !line.is_empty()) {
            self.store.opens = false;
            self.remote.ask(Ask::LetIn { branch: self.store.branch, first: None });
        }
        let shown = &mut self.store.shown;
        (shown.search, shown.scenarios, shown.comparisons) = (false, false, false);
        shown.focus_console = false;
        shown.focus_until = false;
        let mode = if self.compare.is_some() { Mode::Lanes } else { Mode::Run(self.store.selection) };
        // While a file is picked, the keys are the dialog's.
        let picking = self.dialog.get_mut().is_some();
        let answer = self.store.control.crashing.filter(|_| self.compare.is_none() && !picking);
        let answer = answer.and_then(|server| crash::answered(ctx, server));
        let pressed = if picking { Vec::new() } else { command::pressed(ctx, mode) };
        let lessons = &self.store.lessons;
        let mut commands: Vec<Command> =
            pressed.into_iter().map(|command| lesson::translate(lessons, command)).collect();
        commands.extend(answer);
        commands.append(&mut self.queue.borrow_mut());
        commands.extend(dropped(ctx));
        self.store.files.wakes(ctx);
        commands.extend(files::poll(&mut self.store));
        let now = ctx.input(|input| input.time);
        for command in commands {
            match command {
                Command::Lesson(deed) => self.teach(deed, now),
                command => self.run(command),
            }
        }
        if self.compare.is_some() {
            self.follow_lesson(now);
        }
        self.place_pages();
        if let Some(text) = self.store.files.take_copied() {
            ctx.copy_text(text);
        }
        self.dress(ctx);
        if let Some(compare) = &mut self.compare {
            let read = compare.logic(passed, self.store.shown);
            match compare.rest() {
                _ if !read => ctx.request_repaint(),
                Some(Duration::ZERO) => ctx.request_repaint(),
                Some(rest) => ctx.request_repaint_after(rest),
                None => {}
            }
            return;
        }
        self.pass_time(passed);
        self.follow_lesson(now);
        self.place_pages();
        self.follow_compared();
        run_command::go_on(&mut self.store, &mut self.remote);
        let settled = self.store.settle(passed);
        if let Some(wait) = self.store.editor.settle(passed) {
            ctx.request_repaint_after(Duration::from_secs_f64(wait.0));
        }
        self.plan_next_frame(ctx, settled);
    }

    /// What every frame is drawn with: theme, size, and which pages are there.
    fn dress(&mut self, ctx: &egui::Context) {
        let shown = self.store.shown;
        ctx.set_theme(if shown.dark { Theme::Dark } else { Theme::Light });
        ctx.set_zoom_factor(shown.size * if shown.presenter { tokens::PRESENTER } else { 1.0 });
        // What egui itself animates, such as menus and scrolling.
        let still = if shown.reduced_motion { 0.0 } else { egui::Style::default().animation_time };
        if ctx.global_style().animation_time != still {
            ctx.all_styles_mut(|style| style.animation_time = still);
        }
        let dock = self.dock.get_mut();
        self.store.layouts = dock.names().map(ToOwned::to_owned).collect();
    }

    /// Tells the lesson, or about lessons. What is taught is one run.
    fn teach(&mut self, deed: Deed, now: f64) {
        if matches!(deed, Deed::Begin(_) | Deed::GoOn(_) | Deed::Leave) {
            self.compare = None;
        }
        lesson::run(&mut self.store, deed, now);
    }

    /// Goes on with the lesson, which may open lanes and close its own.
    fn follow_lesson(&mut self, now: f64) {
        let compared = lesson::compares(&self.store.lessons);
        lesson::follow(&mut self.store, &mut self.remote, now);
        if let Some(comparison) = self.store.lessons.comparison.take() {
            self.open(&comparison);
        } else if compared && !lesson::compares(&self.store.lessons) {
            self.compare = None;
        }
    }

    /// The pages stand as the run or the lesson asks for.
    fn place_pages(&mut self) {
        let (dock, lessons) = (self.dock.get_mut(), &mut self.store.lessons);
        dock.teach(lessons.open.is_some());
        // A presenter's layout stays: it has room for a lesson.
        let stays = lessons.open.is_some() && self.store.shown.presenter;
        if let Some(layout) = self.store.asked_layout.take().filter(|_| !stays) {
            dock.arrange(layout);
        }
        if let Some(page) = lessons.front.take() {
            dock.show(page);
        }
        self.store.front = dock.front();
    }

    /// Changes the layout as a command says; the command may mean more than that.
    fn lay_out(&mut self, command: &Command) {
        let dock = self.dock.get_mut();
        match command {
            Command::Page(page) if dock.front().contains(page) => dock.put_away(*page),
            Command::Page(page) => dock.show(*page),
            Command::Search => dock.show(Page::Events),
            Command::Recipe => dock.show(Page::Inspector),
            Command::Why(_) | Command::WhySelection => dock.show(Page::Why),
            Command::RunUntil => dock.show(Page::Breakpoints),
            Command::Branches(branches::Deed::Compare(_)) => dock.show(Page::Compared),
            Command::Arrange(layout) => dock.arrange(*layout),
            Command::Keep(name) => dock.keep(name.clone()),
            Command::Forget(name) => dock.forget(name),
            Command::Recall(name) => {
                dock.recall(name);
            }
            Command::Presenter => dock.present(!self.store.shown.presenter),
            Command::New | Command::Correct(..) => dock.show(Page::Scenario),
            _ => {}
        }
    }

    /// Runs a command on the lanes if it is theirs, else on the one run.
    fn run(&mut self, command: Command) {
        match (command, &mut self.compare) {
            (Command::OpenCompare(comparison), _) => self.open(&comparison),
            (Command::Open, _) => self.pick(Purpose::Open),
            (Command::Save(export), _) => self.pick(Purpose::Save(export)),
            (Command::SaveText, _) => self.pick(Purpose::SaveText),
            (command @ (Command::Load(_) | Command::Correct(..)), Some(_)) => {
                // What was opened is one run.
                self.compare = None;
                self.run(command);
            }
            (Command::CloseCompare, _) => self.compare = None,
            (Command::Again, Some(compare)) => {
                let comparison = compare.comparison.clone();
                self.open(&comparison);
            }
            (command, Some(compare)) => {
                if let Some(command) = compare::run::run(compare, command, self.store.lang()) {
                    run_command::run(&mut self.store, &mut self.remote, command);
                }
            }
            (command, None) => {
                self.lay_out(&command);
                run_command::run(&mut self.store, &mut self.remote, command);
            }
        }
    }

    fn pick(&mut self, purpose: Purpose) {
        let run = self.store.scenario.as_ref().map_or("", |scenario| &scenario.name);
        let folder = self.folder.get_mut().clone();
        let folder = folder.or_else(|| self.store.files.recent.first()?.parent().map(ToOwned::to_owned));
        let folder = folder.or_else(|| std::env::current_dir().ok()).unwrap_or_default();
        let dialog = Dialog::new(purpose, folder, run, &self.store.files.recent);
        *self.dialog.get_mut() = Some(dialog);
    }

    fn open(&mut self, comparison: &Comparison) {
        self.store.playhead.set_playing(false);
        self.store.shown.hint = false;
        self.compare = Some(Compare::new(comparison.clone(), &self.engines));
    }

    fn pass_time(&mut self, passed: Screen) {
        let (progress, pace, branch) = (self.store.progress(), self.store.pace(), self.store.branch);
        let Store { trace, playhead, live, control, .. } = &mut self.store;
        if trace.branch(branch).is_none() {
            return;
        }
        let line = trace.line(branch);
        let horizon = progress.now.max(line.end());
        let (stop, hit) = control.advance(playhead, line, passed, horizon, progress.finished, pace);
        if live.as_ref().is_some_and(|live| live.branch == branch) {
            // Stopped: shown is what programs have been told, and not a moment less.
            if !playhead.playing()
                && playhead.goal().is_none()
                && crate::live::is_at_the_end(playhead, horizon)
            {
                playhead.jump_to_time(line, horizon);
            }
            self.remote.run_to_exactly(branch, crate::live::wants(playhead, horizon));
        } else if !progress.finished {
            self.remote.run_to(branch, playhead.wants(horizon));
        }
        if let Some(hit) = &hit {
            run_control::tell_stop(&mut self.store, hit);
        }
        if let Some(stop) = stop {
            self.store.control.breakpoints.give_up();
            if self.store.is_live() {
                // Somebody may write at any moment.
                self.store.playhead.set_playing(true);
            } else {
                self.store.tell(stop.text(self.store.lang()));
            }
        }
    }

    /// Two branches that are compared are compared at one time: both are let happen up to it, and count as seen.
    fn follow_compared(&mut self) {
        let Store { trace, playhead, progress, control, front, .. } = &mut self.store;
        let Some(diff) = control.branches.compared.as_ref().filter(|_| front.contains(&Page::Compared))
        else {
            return;
        };
        let (sides, at) = (diff.sides(), playhead.at());
        for id in [sides.left, sides.right] {
            let progress = progress.entry(id).or_default();
            if progress.now < at && !progress.finished {
                self.remote.run_to(id, at);
            }
            progress.seen = progress.seen.max(trace.line(id).moment(at));
        }
    }

    /// Asks for another frame only if something moves or is awaited.
    fn plan_next_frame(&self, ctx: &egui::Context, settled: bool) {
        let lesson = self.store.lessons.open.as_ref();
        if lesson.is_some_and(Open::is_busy)
            || self.store.playhead.moves()
            || self.store.playhead.goal().is_some()
            || !settled
        {
            ctx.request_repaint();
        } else if self.store.live.is_some() {
            ctx.request_repaint_after(Duration::from_secs_f64(tokens::POLL_S));
        } else if let Some(seconds) = self.remote.poll_s() {
            ctx.request_repaint_after(Duration::from_secs_f64(seconds));
        }
        let fading = self.store.notices.iter().filter(|notice| !notice.problem);
        if let Some(age) = fading.map(|notice| notice.age.0).reduce(f64::max) {
            ctx.request_repaint_after(Duration::from_secs_f64((tokens::NOTICE_S - age).max(0.0)));
        }
    }

    /// Lays out the panels.
    pub fn ui(&self, ui: &mut Ui) {
        let tokens = Tokens::of(ui.theme());
        let words = (&tokens, Lang::of(self.store.shown.language));
        let (dialog, folder) = (&mut *self.dialog.borrow_mut(), &mut *self.folder.borrow_mut());
        let picked = file_dialog::file_dialog_ui(ui, words, dialog, folder);
        self.queue.borrow_mut().extend(picked);
        if let Some(compare) = &self.compare {
            self.lanes_ui(ui, &tokens, compare);
            return;
        }
        let Some(cx) = Cx::new(&self.store, &tokens, &self.queue) else {
            let lang = Lang::of(self.store.shown.language);
            CentralPanel::default().show(ui, |ui| ui.label(lang.say("window-starting")));
            return;
        };
        let bars = !self.store.shown.presenter;
        if bars {
            Panel::top("menus").show(ui, |ui| menus::menus_ui(ui, &cx));
        }
        if self.store.shown.hint {
            Panel::top("hint").show_separator_line(false).show(ui, |ui| hint::hint_ui(ui, &cx));
        }
        Panel::bottom("time").show(ui, |ui| {
            if bars {
                transport::transport_ui(ui, &cx);
            }
            scrubber::scrubber_ui(ui, &cx);
        });
        let frame = Frame::new().fill(tokens.bar);
        CentralPanel::default().frame(frame).show(ui, |ui| {
            let room = ui.max_rect();
            let over = self.dock.borrow_mut().ui(ui, &cx, bars);
            toasts::toasts_ui(ui, &cx, &self.store.notices, room);
            widget::remember_hover(ui, over);
        });
        presenter::own_window_ui(ui, &cx, &self.store);
        help::help_ui(ui, &cx);
        file_menu::drop_ui(ui, &cx);
        let mode = Mode::Run(self.store.selection);
        palette::palette_ui(ui, &cx, self.store.palette.as_ref(), || palette::entries(&cx, mode));
    }

    /// Lays out the panels of a comparison.
    fn lanes_ui(&self, ui: &mut Ui, tokens: &Tokens, compare: &Compare) {
        let board = Board { shown: self.store.shown, tokens, queue: &self.queue };
        Panel::top("compare").show(ui, |ui| {
            compare_bar::compare_bar_ui(ui, &board, compare);
            compare_bar::compare_verbs_ui(ui, &board, compare);
        });
        if self.store.lessons.open.is_some() {
            Panel::left("lesson").default_size(tokens::LESSON).show(ui, |ui| {
                lesson_page::lesson_ui(ui, &board, &self.store);
            });
        }
        Panel::bottom("compare time").show(ui, |ui| compare_time::compare_time_ui(ui, &board, compare));
        let frame = Frame::central_panel(ui.style()).inner_margin(4.0);
        CentralPanel::default().frame(frame).show(ui, |ui| {
            let room = ui.max_rect();
            compare_lanes::compare_lanes_ui(ui, &board, compare);
            toasts::toasts_ui(ui, &board, &compare.notices, room);
        });
        palette::palette_ui(ui, &board, self.store.palette.as_ref(), || {
            palette::entries(&board, Mode::Lanes)
        });
        presenter::own_window_ui(ui, &board, &self.store);
        help::compare_help_ui(ui, &board, compare);
    }

    /// The lanes, while several protocols are compared, for tests.
    pub fn compare(&self) -> Option<&Compare> {
        self.compare.as_ref()
    }

    /// Queues a command, as a key or a button does.
    pub fn send(&self, command: Command) {
        self.queue.borrow_mut().push(command);
    }

    /// What the window knows, for tests.
    pub fn store(&self) -> &Store {
        &self.store
    }
}

/// Opens the first file that was dropped on the window.
fn dropped(ctx: &egui::Context) -> Option<Command> {
    let first = ctx.input(|input| input.raw.dropped_files.first().map(|file| file.path().to_owned()));
    first.map(Command::OpenPath)
}

impl eframe::App for Window {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        Self::logic(self, ctx);
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        Self::ui(self, ui);
    }

    fn save(&mut self, storage: &mut dyn eframe::Storage) {
        eframe::set_value(storage, settings::KEY, &self.settings());
    }
}
