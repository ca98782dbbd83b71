//! `zoolab grade`: what a class has learnt, by doing again what each student did.

use super::{CliError, Done, Out, Verdict};
use crate::files;
use crate::shipped::ShippedShelf;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;
use std::sync::Arc;
use zoolab_core::scenario::Source;
use zoolab_lessons::grade::{Graded, Outcome, grade};
use zoolab_lessons::progress::{Progress, Session};
use zoolab_lessons::{Folder, Lesson, SHIPPED, read};

/// Judge students' progress files: a table for each lesson, a row for each student
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Each file says what a student answered and did; what is right is found by making it happen again.
In the table: + right, - wrong, / left or helped, . not yet.
Of several tries at a lesson the first that was ended counts, else the last.
Exit codes: 0 all files were judged, 2 some could not be.

Examples:
  zoolab grade class/*.jsonl
  zoolab grade class/*.jsonl --csv > class.csv")]
pub(super) struct Args {
    /// Progress files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// One line for each student and question, for a spreadsheet
    #[arg(long)]
    csv: bool,
}

/// One student's lesson.
struct Row {
    student: String,
    tries: usize,
    seed: Option<u64>,
    graded: Graded,
}

pub(super) fn run(args: &Args, out: &mut Out<'_>) -> Done {
    let lessons = lessons()?;
    let mut tables: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    let mut wrong = 0;
    for file in &args.files {
        let name = file.display().to_string();
        let judged = files::read(file)
            .map_err(|error| error.to_string())
            .and_then(|text| judge(Source { name: &name, text: &text }, &lessons));
        match judged {
            Ok(rows) => {
                for (lesson, row) in rows {
                    tables.entry(lesson).or_default().push(row);
                }
            }
            Err(problem) => {
                wrong += 1;
                out.complain(&problem);
            }
        }
    }
    let mut text = if args.csv { CSV.to_owned() } else { String::new() };
    for (lesson, rows) in &tables {
        if args.csv {
            csv(lesson, rows, &mut text);
        } else {
            table(&lessons[lesson], rows, &mut text);
        }
    }
    out.say(&text);
    if wrong > 0 {
        return Err(CliError::Input(format!("{wrong} of {} files were not judged", args.files.len())));
    }
    Ok(Verdict::AllHeld)
}

fn lessons() -> Result<BTreeMap<String, Arc<Lesson>>, CliError> {
    let read = |shipped| {
        let lesson = read(&Folder::from(shipped), &ShippedShelf);
        let lesson = lesson.map_err(|problems| CliError::Input(problems.to_string()))?;
        Ok((lesson.id.clone(), Arc::new(lesson)))
    };
    SHIPPED.iter().map(read).collect()
}

/// A student's lessons, or the first thing that is wrong with the file.
fn judge(source: Source<'_>, lessons: &BTreeMap<String, Arc<Lesson>>) -> Result<Vec<(String, Row)>, String> {
    let progress = Progress::read(source).map_err(|problem| problem.to_string())?;
    let mut tries: BTreeMap<String, Vec<(&Session, Graded)>> = BTreeMap::new();
    for session in &progress.sessions {
        let Some(lesson) = lessons.get(&session.lesson) else {
            let what = format!("there is no lesson `{}` here", session.lesson);
            let expected = "expected one that `zoolab lesson list` lists".to_owned();
            let problem = zoolab_core::scenario::Problem::new(source, session.span.clone(), what, expected);
            return Err(problem.to_string());
        };
        let graded = grade(source, session, lesson).map_err(|problem| problem.to_string())?;
        tries.entry(session.lesson.clone()).or_default().push((session, graded));
    }
    let row = |(lesson, tries): (String, Vec<(&Session, Graded)>)| {
        let count = tries.len();
        let ended = tries.iter().position(|(_, graded)| graded.ended);
        let (session, graded) = tries.into_iter().nth(ended.unwrap_or(count - 1))?;
        Some((lesson, Row { student: progress.student.clone(), tries: count, seed: session.seed, graded }))
    };
    Ok(tries.into_iter().filter_map(row).collect())
}

fn sign(result: Outcome) -> char {
    match result {
        Outcome::Right => '+',
        Outcome::Wrong => '-',
        Outcome::Helped => '/',
        Outcome::Open => '.',
    }
}

/// A table with a column for each question and task, and a last row with how many of the class have it right.
fn table(lesson: &Lesson, rows: &[Row], text: &mut String) {
    let width = rows.iter().map(|row| row.student.chars().count()).max().unwrap_or(0).max(7);
    let items: Vec<&str> = rows
        .first()
        .map_or_else(Vec::new, |row| row.graded.items.iter().map(|item| item.id.as_str()).collect());
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{}", lesson.id);
    let _ = write!(text, "  {:width$}", "student");
    for item in &items {
        let _ = write!(text, "  {item}");
    }
    let _ = writeln!(text, "  points  hints  minutes  tries");
    for row in rows {
        let graded = &row.graded;
        let _ = write!(text, "  {:width$}", row.student);
        for item in &graded.items {
            let _ = write!(text, "  {:>1$}", sign(item.result), item.id.chars().count());
        }
        let (points, of) = (graded.points(), graded.items.len());
        let hints: u32 = graded.items.iter().map(|item| item.hints).sum();
        let (minutes, tries) = (graded.seconds / 60.0, row.tries);
        let _ = writeln!(text, "  {:>6}  {hints:>5}  {minutes:>7.1}  {tries:>5}", format!("{points}/{of}"));
    }
    let _ = write!(text, "  {:width$}", "right");
    for (place, item) in items.iter().enumerate() {
        let right = rows.iter().filter(|row| row.graded.items[place].result == Outcome::Right).count();
        let share = format!("{}%", right * 100 / rows.len().max(1));
        let _ = write!(text, "  {share:>0$}", item.chars().count());
    }
    text.push_str("\n\n");
}

const CSV: &str = "student,lesson,seed,tries,item,result,given,hints,seconds\n";

fn csv(lesson: &str, rows: &[Row], text: &mut String) {
    for row in rows {
        let seed = row.seed.map_or_else(String::new, |seed| seed.to_string());
        for item in &row.graded.items {
            let seconds = item.seconds.map_or_else(String::new, |s| s.to_string());
            let _ = writeln!(
                text,
                "{},{lesson},{seed},{},{},{},{},{},{seconds}",
                quoted(&row.student),
                row.tries,
                item.id,
                item.result.word(),
                quoted(&item.given),
                item.hints
            );
        }
    }
}

/// A cell: in quotes where it must be, and never a formula.
fn quoted(cell: &str) -> String {
    let cell = if cell.starts_with(['=', '+', '-', '@']) { format!("'{cell}") } else { cell.to_owned() };
    if cell.contains([',', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}
