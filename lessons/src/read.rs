//! A folder becomes a lesson: beats one after the other, each with the people of the run that is open then.
//!
//! As with scenarios, everything that is wrong is told at once. The words are read too, but whether they are complete
//! is asked by [`crate::check`]: a lesson can be tried while it is translated.

use crate::folder::{Folder, Shelf};
use crate::lesson::{
    Beat, Choice, Claim, Cue, Deed, Focus, Judged, Lamp, Lesson, Move, PageName, Play, Question, Run, Script,
    Task,
};
use crate::words::{Language, Words};
use std::collections::BTreeMap;
use std::sync::Arc;
use zoolab_core::scenario::{
    Bound, Cast, Comparison, LayoutName, Piece, Problem, Problems, ProtocolName, Reader, Scenario, Source,
    Wanted, action_words, is_comparison, load, load_comparison, suggest,
};

/// The fields of `lesson.ron`; what has a `?` may be left out.
const FILE: &str = "(version, minutes, after?, beats, solution, wrong)";
/// How beats are written.
const BEATS: [&str; 9] = [
    "Open(scenario, lane?, seed?, layout?)",
    "Say(id)",
    "Focus(nodes?, page?, path?)",
    "Play(until, within_ms?, slowed?)",
    "Predict(id, choices, judged?, within_ms?)",
    "Task(id, goal, allow, at_most?, within_ms?)",
    "Compare(id, comparison)",
    "Free(id)",
    "Recap(id)",
];
/// How choices are written.
const CHOICES: [&str; 3] = ["Choice(id, is, what_if?)", "Otherwise(id, what_if?)", "Never(id)"];
/// How moves are written.
const MOVES: [&str; 3] = ["Now(act)", "After(ms, act)", "When(is, act)"];
/// How a lamp is written.
const LAMPS: [&str; 1] = ["Lamp(id, is)"];
/// How the entries of a script are written.
const SCRIPT: [&str; 2] = ["Answer(question, choice)", "Do(task, moves)"];
/// Choices there are keys for.
const CHOICES_MAX: usize = 4;
const MINUTES_MAX: u64 = 60;

/// Reads a lesson; all that is wrong with it is told at once.
pub fn read(folder: &Folder, shelf: &dyn Shelf) -> Result<Lesson, Problems> {
    let name = format!("{}lesson.ron", folder.path);
    let source = Source { name: &name, text: &folder.lesson };
    let mut problems = Vec::new();
    let mut words = BTreeMap::new();
    for (file, language) in Language::ALL {
        let Some(text) = folder.file(file) else { continue };
        let (read, found) = Words::read(Source { name: &format!("{}{file}", folder.path), text });
        problems.extend(found);
        words.insert(language, read);
    }
    let (reader, file) = Reader::of_file(source, FILE)?;
    let mut author =
        Author { reader, folder, shelf, runs: Vec::new(), cast: None, casts: BTreeMap::new(), problems };
    let mut lesson = author.lesson(&file);
    let Author { reader, runs, mut problems, .. } = author;
    problems.extend(reader.into_problems());
    (lesson.runs, lesson.words) = (runs, words);
    match Problems::collect(problems) {
        None => Ok(lesson),
        Some(problems) => Err(problems),
    }
}

/// A lesson on its way.
struct Author<'a> {
    reader: Reader<'a>,
    folder: &'a Folder,
    shelf: &'a dyn Shelf,
    runs: Vec<Run>,
    /// Who can be named now.
    cast: Option<Cast>,
    /// Who could be named at each task, for the moves of the scripts.
    casts: BTreeMap<String, Cast>,
    /// What is wrong with other files of the folder.
    problems: Vec<Problem>,
}

impl<'a> Author<'a> {
    fn lesson(&mut self, file: &Bound<'a>) -> Lesson {
        let reader = &mut self.reader;
        let version = file.arg("version").and_then(|piece| reader.whole(piece, 1..=u64::from(u32::MAX)));
        let minutes = file.arg("minutes").and_then(|piece| reader.whole(piece, 1..=MINUTES_MAX));
        let after = file.arg("after").and_then(|piece| reader.list(piece, "lessons")).unwrap_or_default();
        let after = after.into_iter().filter_map(|piece| reader.text(piece, "the id of a lesson")).collect();
        let beats = file.arg("beats").map(|piece| self.beats(piece)).unwrap_or_default();
        let solution = file.arg("solution").map(|piece| self.script(piece, &beats)).unwrap_or_default();
        let wrong = file.arg("wrong").map(|piece| self.script(piece, &beats)).unwrap_or_default();
        Lesson {
            id: self.folder.id.clone(),
            version: version.unwrap_or(1) as u32,
            minutes: minutes.unwrap_or(1) as u32,
            after,
            runs: Vec::new(),
            beats,
            solution,
            wrong,
            words: BTreeMap::new(),
        }
    }

    fn beats(&mut self, piece: Piece<'a>) -> Vec<Beat> {
        let mut beats: Vec<Beat> = Vec::new();
        let list = self.reader.list(piece, "beats").unwrap_or_default();
        for piece in &list {
            let Some(call) = self.reader.call(*piece, "a beat", &BEATS) else { continue };
            if self.runs.is_empty() && !matches!(call.name, "Open" | "Say" | "Compare" | "Recap") {
                let what = format!("no run is open for `{}`", call.name);
                self.reader.problem(piece.text(), what, "expected `Open(\"zab/…\")` before it");
                self.open_unknown();
            }
            let Some(deed) = self.beat(&call) else { continue };
            let id = deed.id().map(str::to_owned);
            if let Some(id) = id.filter(|id| beats.iter().any(|beat| beat.deed.id() == Some(id))) {
                self.reader.problem(piece.text(), format!("`{id}` stands twice"), "expected each id once");
            }
            beats.push(Beat { deed, span: self.reader.span(*piece) });
        }
        if list.is_empty() {
            self.reader.problem(piece.text(), "nothing happens in this lesson", "expected at least one beat");
        }
        beats
    }

    fn beat(&mut self, call: &Bound<'a>) -> Option<Deed> {
        Some(match call.name {
            "Open" => match self.open(call) {
                Some(run) => Deed::Open(run),
                None => {
                    self.open_unknown();
                    return None;
                }
            },
            "Say" => Deed::Say(self.id(call)?),
            "Focus" => Deed::Focus(self.focus(call)),
            "Play" => {
                let until = call.arg("until").and_then(|piece| self.reader.predicate(piece));
                let within = call.arg("within_ms").and_then(|piece| self.reader.positive_ms(piece));
                let slowed = call.arg("slowed").and_then(|piece| self.reader.whole(piece, 1..=10_000));
                Deed::Play(Play { until: until?, within, slowed: slowed.map(|slowed| slowed as u32) })
            }
            "Predict" => Deed::Predict(self.question(call)?),
            "Task" => Deed::Task(self.task(call)?),
            "Compare" => {
                let comparison = call.arg("comparison").and_then(|piece| self.comparison(piece));
                Deed::Compare(self.id(call)?, Arc::new(comparison?))
            }
            "Free" => Deed::Free(self.id(call)?),
            _ => Deed::Recap(self.id(call)?),
        })
    }

    fn id(&mut self, call: &Bound<'a>) -> Option<String> {
        self.name(call.arg("id")?)
    }

    /// A name that words are found by: small letters, digits and dashes.
    fn name(&mut self, piece: Piece<'a>) -> Option<String> {
        let id = self.reader.text(piece, "an id, such as \"who-wins\",")?;
        let fits = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
        if id.is_empty() || !id.chars().all(fits) {
            let expected = "expected small letters, digits and dashes";
            self.reader.problem(piece.text(), format!("`{id}` cannot be an id"), expected);
            return None;
        }
        Some(id)
    }

    /// Opens a run: from here on its people can be named.
    fn open(&mut self, call: &Bound<'a>) -> Option<usize> {
        let piece = call.arg("scenario")?;
        let scenario = match call.arg("lane") {
            Some(lane) => {
                let protocol = self.reader.word(lane, "protocol", &ProtocolName::ALL);
                let comparison = self.comparison(piece)?;
                let protocol = protocol?;
                let found = comparison.lanes.into_iter().find(|lane| lane.protocol == protocol);
                if found.is_none() {
                    let what = format!("{protocol} is not compared there");
                    self.reader.problem(lane.text(), what, "expected one of its protocols");
                }
                found?
            }
            None => self.scenario(piece)?,
        };
        let seed = call.arg("seed").and_then(|piece| self.reader.whole(piece, 0..=u64::MAX));
        let scenario = Scenario { seed: seed.unwrap_or(scenario.seed), ..scenario };
        let layout = call.arg("layout").and_then(|piece| self.reader.word(piece, "layout", &LayoutName::ALL));
        self.now(Cast::of(&scenario));
        self.runs.push(Run { layout: layout.or(scenario.layout), scenario: Arc::new(scenario) });
        Some(self.runs.len() - 1)
    }

    /// A run of which nothing is known: that was told, and what follows is read as if anybody could be named.
    fn open_unknown(&mut self) {
        self.now(Cast { servers: None, clients: None, voters: 0, protocol: ProtocolName::Zab });
        self.runs.push(Run { scenario: Arc::new(Scenario::default()), layout: None });
    }

    /// Who can be named from here on.
    fn now(&mut self, cast: Cast) {
        self.cast = Some(cast.clone());
        self.reader.set_cast(cast);
    }

    /// The text that a name stands for: a file of the folder, or something on the shelf.
    fn named(
        &mut self,
        piece: Piece<'a>,
        of: &str,
        on_shelf: impl Fn(&'a dyn Shelf, &str) -> Option<(String, &'a str)>,
    ) -> Option<(String, &'a str)> {
        let name = self.reader.text(piece, &format!("the name of a {of}"))?;
        let own = self.folder.file(&name).map(|text| (format!("{}{name}", self.folder.path), text));
        let found = own.or_else(|| on_shelf(self.shelf, &name));
        if found.is_none() {
            let like = self.shelf.like(&name);
            let expected = match like.first() {
                Some(near) => format!("did you mean `{near}`?"),
                None => "expected a shipped one (`zoolab scenarios` lists them) or a file of this folder"
                    .to_owned(),
            };
            self.reader.problem(piece.text(), format!("there is no {of} `{name}`"), expected);
        }
        found
    }

    fn scenario(&mut self, piece: Piece<'a>) -> Option<Scenario> {
        let (file, text) = self.named(piece, "scenario", |shelf, name| shelf.scenario(name))?;
        if is_comparison(text) {
            self.reader.problem(piece.text(), "this is a comparison", "expected a `lane` of it, too");
            return None;
        }
        let read = load(&file, text);
        self.keep(read)
    }

    fn comparison(&mut self, piece: Piece<'a>) -> Option<Comparison> {
        let (file, text) = self.named(piece, "comparison", |shelf, name| shelf.comparison(name))?;
        let read = load_comparison(&file, text);
        self.keep(read)
    }

    fn keep<T>(&mut self, read: Result<T, Problems>) -> Option<T> {
        match read {
            Ok(value) => Some(value),
            Err(problems) => {
                self.problems.extend(problems.iter().cloned());
                None
            }
        }
    }

    fn focus(&mut self, call: &Bound<'a>) -> Focus {
        let nodes = call.arg("nodes").and_then(|piece| self.reader.list(piece, "nodes")).unwrap_or_default();
        Focus {
            nodes: nodes.into_iter().filter_map(|node| self.reader.node(node, Wanted::Any)).collect(),
            page: call.arg("page").and_then(|piece| self.reader.word(piece, "page", &PageName::ALL)),
            path: call.arg("path").and_then(|piece| self.reader.path(piece, false)).map(|p| p.to_string()),
        }
    }

    fn question(&mut self, call: &Bound<'a>) -> Option<Question> {
        let id = self.id(call);
        let judged = call.arg("judged").and_then(|piece| self.reader.word(piece, "moment", &Judged::ALL));
        let within = call.arg("within_ms").and_then(|piece| self.reader.positive_ms(piece));
        let piece = call.arg("choices")?;
        let list = self.reader.list(piece, "choices").unwrap_or_default();
        if list.len() < 2 || list.len() > CHOICES_MAX {
            let what = format!("{} choices", list.len());
            self.reader.problem(piece.text(), what, format!("expected 2 to {CHOICES_MAX}"));
        }
        let mut choices: Vec<Choice> = Vec::new();
        for piece in list {
            let Some(choice) = self.choice(piece) else { continue };
            if choices.iter().any(|other| other.id == choice.id) {
                let what = format!("`{}` stands twice", choice.id);
                self.reader.problem(piece.text(), what, "expected each choice once");
            }
            choices.push(choice);
        }
        let others = choices.iter().filter(|choice| choice.claim == Claim::Otherwise);
        if others.count() > 1 {
            self.reader.problem(piece.text(), "`Otherwise` stands twice", "expected it once");
        }
        Some(Question { id: id?, choices, judged: judged.unwrap_or(Judged::First), within })
    }

    fn choice(&mut self, piece: Piece<'a>) -> Option<Choice> {
        let call = self.reader.call(piece, "a choice", &CHOICES)?;
        let id = self.id(&call);
        let what_if = call.arg("what_if").map(|piece| self.moves(piece)).unwrap_or_default();
        let claim = match call.name {
            // Where the condition is wrong, the choice is there all the same, for the scripts to name.
            "Choice" => {
                call.arg("is").and_then(|is| self.reader.predicate(is)).map_or(Claim::Never, Claim::Is)
            }
            "Otherwise" => Claim::Otherwise,
            _ => Claim::Never,
        };
        Some(Choice { id: id?, claim, what_if, span: self.reader.span(piece) })
    }

    fn task(&mut self, call: &Bound<'a>) -> Option<Task> {
        let id = self.id(call);
        let within = call.arg("within_ms").and_then(|piece| self.reader.positive_ms(piece));
        let at_most = call.arg("at_most").and_then(|piece| self.reader.whole(piece, 1..=100));
        let known: Vec<(&str, String)> = action_words().map(|word| (word, word.to_owned())).collect();
        let allow = call.arg("allow").and_then(|piece| self.reader.list(piece, "actions"));
        let allow = allow.unwrap_or_default();
        let allow = allow.into_iter().filter_map(|piece| self.reader.word(piece, "action", &known)).collect();
        let piece = call.arg("goal")?;
        let mut goal = Vec::new();
        for piece in self.reader.list(piece, "lamps").unwrap_or_default() {
            let Some(lamp) = self.reader.call(piece, "a lamp", &LAMPS) else { continue };
            let (id, is) = (self.id(&lamp), lamp.arg("is").and_then(|is| self.reader.predicate(is)));
            if let (Some(id), Some(is)) = (id, is) {
                goal.push(Lamp { id, is });
            }
        }
        if goal.is_empty() {
            self.reader.problem(piece.text(), "nothing is to be reached", "expected [Lamp(\"…\", …)]");
        }
        let id = id?;
        self.casts.extend(self.cast.clone().map(|cast| (id.clone(), cast)));
        Some(Task { id, goal, allow, at_most: at_most.map(|most| most as u32), within })
    }

    fn moves(&mut self, piece: Piece<'a>) -> Vec<Move> {
        let list = self.reader.list(piece, "moves").unwrap_or_default();
        list.into_iter().filter_map(|piece| self.one_move(piece)).collect()
    }

    fn one_move(&mut self, piece: Piece<'a>) -> Option<Move> {
        let call = self.reader.call(piece, "a move", &MOVES)?;
        let cue = match call.name {
            "Now" => Some(Cue::Now),
            "After" => call.arg("ms").and_then(|ms| self.reader.positive_ms(ms)).map(Cue::After),
            _ => call.arg("is").and_then(|is| self.reader.predicate(is)).map(Cue::When),
        };
        let action = call.arg("act").and_then(|act| self.reader.action(act));
        Some(Move { cue: cue?, action: action? })
    }

    /// The answers and moves of one way through the lesson.
    fn script(&mut self, piece: Piece<'a>, beats: &[Beat]) -> Script {
        let mut script = Script { span: self.reader.span(piece), ..Script::default() };
        let entries = self.reader.list(piece, "answers and moves").unwrap_or_default();
        for piece in entries {
            let Some(call) = self.reader.call(piece, "an entry", &SCRIPT) else { continue };
            match call.name {
                "Answer" => self.answer(&call, beats, &mut script),
                _ => self.doing(&call, &mut script),
            }
        }
        for id in beats.iter().filter_map(|beat| match &beat.deed {
            Deed::Predict(question) => (!script.answers.contains_key(&question.id)).then_some(&question.id),
            Deed::Task(task) => (!script.moves.contains_key(&task.id)).then_some(&task.id),
            _ => None,
        }) {
            let what = format!("`{id}` has no answer here");
            self.reader.problem(piece.text(), what, "expected an entry for every question and task");
        }
        script
    }

    fn answer(&mut self, call: &Bound<'a>, beats: &[Beat], script: &mut Script) {
        let (Some(question), Some(choice)) = (call.arg("question"), call.arg("choice")) else { return };
        let (Some(id), Some(chosen)) = (self.name(question), self.name(choice)) else { return };
        let asked = beats.iter().filter_map(|beat| match &beat.deed {
            Deed::Predict(question) => Some(question),
            _ => None,
        });
        let known = asked.clone().map(|question| question.id.as_str());
        let Some(found) = asked.clone().find(|question| question.id == id) else {
            self.reader.problem(question.text(), format!("there is no question `{id}`"), suggest(&id, known));
            return;
        };
        let choices = found.choices.iter().map(|choice| choice.id.as_str());
        if choices.clone().all(|known| known != chosen) {
            let what = format!("`{id}` has no choice `{chosen}`");
            self.reader.problem(choice.text(), what, suggest(&chosen, choices));
        }
        script.answers.insert(id, chosen);
    }

    fn doing(&mut self, call: &Bound<'a>, script: &mut Script) {
        let (Some(task), Some(moves)) = (call.arg("task"), call.arg("moves")) else { return };
        let Some(id) = self.name(task) else { return };
        let Some(cast) = self.casts.get(&id) else {
            let known = self.casts.keys().map(String::as_str);
            let expected = suggest(&id, known);
            self.reader.problem(task.text(), format!("there is no task `{id}`"), expected);
            return;
        };
        self.reader.set_cast(cast.clone());
        let moves = self.moves(moves);
        script.moves.insert(id, moves);
    }
}
