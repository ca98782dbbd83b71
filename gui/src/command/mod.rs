//! Everything a person can tell the window, as data: text, tooltip and key in one place.
//!
//! Panels queue commands; `App::logic` runs them. Nothing else changes the [`Store`](crate::state::Store).

mod keys;
#[cfg(test)]
mod tests;

pub use keys::pressed;

use crate::compare::align::Align;
use crate::compare::verb::RoleVerb;
use crate::console::Typing;
use crate::control::{branches, breakpoints};
use crate::dock;
use crate::files::Export;
use crate::lang::{Lang, Language};
use crate::lesson;
use crate::page::Page;
use crate::panel::palette::Palette;
use crate::recipe_form::RecipeForm;
use crate::request_form::{RequestForm, RequestKind};
use crate::selection::Item;
use crate::spacetime::Change;
use crate::verb::{self, Verb};
use crate::znodes::Look;
use std::path::PathBuf;
use std::sync::Arc;
use zoolab_core::action::Action;
use zoolab_core::compare::Comparison;
use zoolab_core::ids::{NodeId, Seq};
use zoolab_core::scenario::{LayoutName, Mutation, Scenario};
use zoolab_core::time::Time;
use zoolab_core::trace::BranchId;
use zoolab_core::why::Question;

/// Servers of a new ensemble at most.
pub const SERVERS_MOST: u8 = 9;

/// Something a person tells the window.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Play or pause.
    PlayPause,
    /// To the next thing that happens.
    StepForward,
    /// To before the last thing that happened.
    StepBack,
    /// To the next turning point.
    NextMilestone,
    /// To the turning point before.
    PreviousMilestone,
    /// To the start of the run.
    Start,
    /// To the newest moment shown.
    End,
    /// Twice as fast.
    Faster,
    /// Half as fast.
    Slower,
    /// Hurry through quiet stretches, or not.
    SkipQuiet,
    /// Undo every cut, hold and slow link.
    HealAll,
    /// To the next branch.
    NextBranch,
    /// Begin the same run again.
    Again,
    /// Open the scenario menu.
    Scenarios,
    /// Select the next client.
    NextClient,
    /// Select the next link of the selected server, or of all.
    NextLink,
    /// Select the next message on its way.
    NextMessage,
    /// Select a server by its sid.
    Server(u8),
    /// Nothing is selected; overlays close.
    Escape,
    /// Search the feed.
    Search,
    /// Show a page; put it away if it is in front.
    Page(Page),
    /// Lay the pages out in another way.
    Arrange(LayoutName),
    /// Every command by its name.
    Palette,
    /// Something was typed or chosen in that list.
    PaletteType(Palette),
    /// Lay the pages out as under this name.
    Recall(String),
    /// Keep the present layout under this name.
    Keep(String),
    /// Forget this name.
    Forget(String),
    /// Large letters and no bars, for a projector.
    Presenter,
    /// The window's texts in this language.
    Speak(Language),
    /// The next language.
    NextLanguage,
    /// Everything larger.
    Larger,
    /// Everything smaller.
    Smaller,
    /// The usual size.
    UsualSize,
    /// Go on as a presenter's remote control says: to the next turning point.
    GoOn,
    /// Go back, by the same.
    GoBack,
    /// Show something else of the data tree.
    Znodes(Look),
    /// Show the line of clients at this path.
    Line(Arc<str>),
    /// Show this client's console.
    ConsoleOf(NodeId),
    /// Change the line at the prompt.
    ConsoleType(Typing),
    /// A line was typed at the prompt.
    ConsoleEnter(String),
    /// Show or hide pings.
    Pings,
    /// Light or dark.
    Theme,
    /// Animate steps, or not.
    ReducedMotion,
    /// Show or hide the help.
    Help,
    /// To the next message that arrives.
    NextDelivery,
    /// To where a server enters another phase.
    NextPhase,
    /// Type what to run until.
    RunUntil,
    /// Show the branch again that was deleted last.
    UndoDelete,
    /// Name, compare, delete branches.
    Branches(branches::Deed),
    /// Change what time stops at.
    Break(breakpoints::Deed),
    /// Look at the moment after this record of a branch.
    BranchRecord(BranchId, Seq),
    /// Ask what the crash of this server loses; `None`: it does not crash.
    AskCrash(Option<NodeId>),
    /// Let real clients connect, or hang up on them.
    LetIn,
    /// Do this to the selection.
    Verb(Verb),
    /// A new ensemble with so many servers.
    NewEnsemble(u8),
    /// Set the speed: virtual seconds per screen second.
    Speed(f64),
    /// Look at this time.
    Seek(Time),
    /// Look at the moment after this record's step.
    SeekRecord(Seq),
    /// Select this, or nothing.
    Select(Option<Item>),
    /// Intervene.
    Act(Action),
    /// Ask why something is so.
    Why(Question),
    /// Ask why the selected thing is as it is.
    WhySelection,
    /// Change what the space-time diagram shows.
    SpaceTime(Change),
    /// Look at this branch.
    Branch(BranchId),
    /// Load a scenario.
    Load(Arc<Scenario>),
    /// Begin the same run again with this guard the other way.
    Guard(Mutation),
    /// Change what the feed searches for.
    SearchFor(String),
    /// Change the request form.
    Form(RequestForm),
    /// Change the recipe form.
    RecipeForm(RecipeForm),
    /// Choose a recipe for the selected client, or for the next one.
    Recipe,
    /// A notice was read.
    Dismiss(usize),
    /// The first hint was read.
    DismissHint,
    /// Open the menu of comparisons.
    Comparisons,
    /// Compare several protocols, one lane each.
    OpenCompare(Arc<Comparison>),
    /// Back from the lanes to the one run.
    CloseCompare,
    /// Do this in every lane.
    Role(RoleVerb),
    /// Which of the servers that do not lead such verbs are about.
    Other(u8),
    /// How the clocks of the lanes stand to each other.
    Align(Align),
    /// The next way to align the lanes.
    NextAlign,
    /// The write after.
    NextNth,
    /// The write before.
    PreviousNth,
    /// Look at this track of all lanes.
    Track(usize),
    /// Begin to write a scenario.
    New,
    /// Choose a file to open.
    Open,
    /// Open this file.
    OpenPath(PathBuf),
    /// Choose a file to save the branch in.
    Save(Export),
    /// Save the branch in this file.
    SaveTo(Export, PathBuf),
    /// Put the branch on the clipboard as a scenario.
    CopyScenario,
    /// Forget which files were opened.
    ForgetRecent,
    /// The scenario's text was changed.
    EditText(String),
    /// Run the scenario's text.
    RunText,
    /// Choose a file to save the text in.
    SaveText,
    /// Save the text in this file.
    SaveTextTo(PathBuf),
    /// Show the text of the present run.
    ShowRunText,
    /// Give back the text that was replaced.
    RestoreText,
    /// Show the text of this file, which has problems.
    Correct(String, String),
    /// Tell the lesson, or something about lessons.
    Lesson(lesson::Deed),
}

/// The commands without arguments of every clock, of one run or of several lanes.
const CLOCK: [Command; 12] = [
    Command::PlayPause,
    Command::StepForward,
    Command::StepBack,
    Command::NextMilestone,
    Command::PreviousMilestone,
    Command::GoOn,
    Command::GoBack,
    Command::Start,
    Command::End,
    Command::Faster,
    Command::Slower,
    Command::SkipQuiet,
];

/// Those of one run, without pages, layouts and verbs.
const RUN: [Command; 28] = [
    Command::NextDelivery,
    Command::NextPhase,
    Command::RunUntil,
    Command::UndoDelete,
    Command::NextClient,
    Command::NextLink,
    Command::NextMessage,
    Command::Recipe,
    Command::WhySelection,
    Command::SpaceTime(Change::Fit),
    Command::SpaceTime(Change::Around),
    Command::SpaceTime(Change::Follow),
    Command::SpaceTime(Change::ZoomIn),
    Command::SpaceTime(Change::ZoomOut),
    Command::SpaceTime(Change::Earlier),
    Command::SpaceTime(Change::Later),
    Command::SpaceTime(Change::Sequence),
    Command::HealAll,
    Command::Scenarios,
    Command::Comparisons,
    Command::New,
    Command::CopyScenario,
    Command::RunText,
    Command::SaveText,
    Command::Search,
    Command::LetIn,
    Command::Presenter,
    Command::Server(1),
];

/// Those of several lanes, without their verbs.
const LANES: [Command; 5] =
    [Command::NextAlign, Command::NextNth, Command::PreviousNth, Command::CloseCompare, Command::Other(1)];

/// Those about how things are shown, and what is there in any case.
const SHOWN: [Command; 13] = [
    Command::Escape,
    Command::NextBranch,
    Command::Again,
    Command::Open,
    Command::Pings,
    Command::Palette,
    Command::Theme,
    Command::ReducedMotion,
    Command::NextLanguage,
    Command::Larger,
    Command::Smaller,
    Command::UsualSize,
    Command::Help,
];

/// Everything of one mode that needs no arguments: lists, pages, verbs of the selection.
pub fn all(mode: Mode) -> Vec<Command> {
    match mode {
        Mode::Run(selection) => {
            let pages = Page::ALL.map(Command::Page);
            let layouts = LayoutName::ALL.map(|(_, layout)| Command::Arrange(layout));
            let verbs = selection.map_or(&[][..], verb::verbs).iter().map(|verb| Command::Verb(*verb));
            let saves = Export::RUNS.into_iter().chain(Export::OTHERS).map(Command::Save);
            let run = CLOCK.into_iter().chain(RUN).chain(SHOWN);
            let run = run.chain(lesson::LISTED.map(Command::Lesson));
            run.chain(saves).chain(pages).chain(layouts).chain(verbs).collect()
        }
        Mode::Lanes => {
            let lanes = CLOCK.into_iter().chain(LANES).chain(SHOWN);
            let lanes = lanes.chain(lesson::LISTED.map(Command::Lesson));
            lanes.chain(RoleVerb::ALL.map(Command::Role)).collect()
        }
    }
}

/// What keys are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// One run, with this selected.
    Run(Option<Item>),
    /// Several lanes.
    Lanes,
}

impl Command {
    /// The id of its texts in the catalogues; its tooltip is the attribute `tip`.
    pub fn id(&self) -> &'static str {
        match self {
            Self::PlayPause => "cmd-play-pause",
            Self::StepForward => "cmd-step-forward",
            Self::StepBack => "cmd-step-back",
            Self::NextMilestone => "cmd-next-milestone",
            Self::PreviousMilestone => "cmd-previous-milestone",
            Self::GoOn => "cmd-go-on",
            Self::GoBack => "cmd-go-back",
            Self::Start => "cmd-start",
            Self::End => "cmd-end",
            Self::Faster => "cmd-faster",
            Self::Slower => "cmd-slower",
            Self::SkipQuiet => "cmd-skip-quiet",
            Self::HealAll => "cmd-heal-all",
            Self::NextBranch => "cmd-next-branch",
            Self::Again => "cmd-again",
            Self::Scenarios => "cmd-scenarios",
            Self::NextClient => "cmd-next-client",
            Self::NextLink => "cmd-next-link",
            Self::NextMessage => "cmd-next-message",
            Self::Server(_) => "cmd-server",
            Self::Escape => "cmd-escape",
            Self::Search => "cmd-search",
            Self::Page(page) => page.id(),
            Self::Arrange(layout) => dock::id(*layout),
            Self::Palette | Self::PaletteType(_) => "cmd-palette",
            Self::Recall(_) => "cmd-recall",
            Self::Keep(_) => "cmd-keep",
            Self::Forget(_) => "cmd-forget",
            Self::Presenter => "cmd-presenter",
            Self::Speak(_) | Self::NextLanguage => "cmd-next-language",
            Self::Larger => "cmd-larger",
            Self::Smaller => "cmd-smaller",
            Self::UsualSize => "cmd-usual-size",
            Self::NextDelivery => "cmd-next-delivery",
            Self::NextPhase => "cmd-next-phase",
            Self::RunUntil => "cmd-run-until",
            Self::UndoDelete => "branch-undelete",
            Self::Branches(deed) => deed.id(),
            Self::Break(deed) => deed.id(),
            Self::BranchRecord(..) => "cmd-go-there",
            Self::AskCrash(_) => "verb-crash",
            Self::LetIn => "cmd-let-in",
            Self::Znodes(_) => "cmd-tree",
            Self::Line(_) => "cmd-line",
            Self::ConsoleOf(_) => "cmd-console",
            Self::ConsoleType(_) | Self::ConsoleEnter(_) => "cmd-console-type",
            Self::Pings => "cmd-pings",
            Self::Theme => "cmd-theme",
            Self::ReducedMotion => "cmd-reduced-motion",
            Self::Help => "cmd-help",
            Self::Verb(verb) => verb.id(),
            Self::NewEnsemble(_) => "cmd-new-ensemble",
            Self::Speed(_) => "cmd-speed",
            Self::Seek(_) | Self::SeekRecord(_) => "cmd-go-there",
            Self::Select(_) => "cmd-select",
            Self::Act(_) => "cmd-act",
            Self::Why(_) | Self::WhySelection => "cmd-why",
            Self::SpaceTime(change) => change.id(),
            Self::Branch(_) => "cmd-branch",
            Self::Load(_) => "cmd-load",
            Self::Guard(_) => "cmd-guard",
            Self::SearchFor(_) => "cmd-search-for",
            Self::Form(_) => "cmd-form",
            Self::RecipeForm(_) | Self::Recipe => "cmd-recipe",
            Self::Dismiss(_) | Self::DismissHint => "cmd-dismiss",
            Self::Comparisons => "cmd-comparisons",
            Self::OpenCompare(_) => "cmd-open-compare",
            Self::CloseCompare => "cmd-close-compare",
            Self::Role(verb) => verb.id(),
            Self::Other(_) => "cmd-other",
            Self::Align(align) => align.id(),
            Self::NextAlign => "cmd-next-align",
            Self::NextNth => "cmd-next-nth",
            Self::PreviousNth => "cmd-previous-nth",
            Self::Track(_) => "cmd-track",
            Self::New => "cmd-new",
            Self::Open | Self::OpenPath(_) => "cmd-open",
            Self::Save(export) | Self::SaveTo(export, _) => export.id(),
            Self::CopyScenario => "cmd-copy-scenario",
            Self::ForgetRecent => "cmd-forget-recent",
            Self::EditText(_) | Self::Correct(..) => "page-scenario",
            Self::RunText => "cmd-run-text",
            Self::SaveText | Self::SaveTextTo(_) => "cmd-save-text",
            Self::ShowRunText => "cmd-show-run-text",
            Self::RestoreText => "cmd-restore-text",
            Self::Lesson(deed) => deed.id(),
        }
    }

    /// On a button or in a menu.
    pub fn text(&self, lang: Lang) -> String {
        lang.say(self.id())
    }

    /// What it does, in a sentence.
    pub fn tooltip(&self, lang: Lang) -> String {
        lang.say(&format!("{}.tip", self.id()))
    }

    /// The same with its key, if it has one.
    pub fn hint(&self, lang: Lang) -> String {
        let (tooltip, key) = (self.tooltip(lang), self.key_text());
        if key.is_empty() { tooltip } else { format!("{tooltip}  [{key}]") }
    }
}

/// The server of this sid, for [`Command::Server`].
pub fn server(sid: u8) -> NodeId {
    NodeId::Server(sid)
}

/// All kinds of request, for menus.
pub fn requests() -> [Verb; 4] {
    RequestKind::ALL.map(Verb::Request)
}
