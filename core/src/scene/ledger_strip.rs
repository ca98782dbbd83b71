//! What the servers of a protocol without a data tree know of each transaction or log slot: one row a
//! server, one column a number. Where two squares of a column differ, two servers differ.
//!
//! A stage is told by shape and by fill: hollow circle, half-filled diamond, full diamond, full square with
//! a tick, hollow square with a cross.

use super::strip::{Grid, Lines, draw_selection};
use super::{Anchor, Area, Ink, Item, Pen, Phrase, Point, Scale, Scene, Shape, Speech, TextSize};
use crate::ids::NodeId;
use crate::trace::Line;
use crate::view::{ItemStage, MemberView, State};
use std::collections::BTreeSet;

/// Records of a stopped server looked through for what it showed last.
const RECORDS_BACK: usize = 32;

/// How a protocol calls its items and their stages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words<'a> {
    /// One of them: `transaction`, `slot`.
    pub item: &'a str,
    /// Left of the numbers, in a few letters.
    pub number: &'a str,
    /// The stages that the protocol has, with their words, in the order of a life.
    pub stages: &'a [(ItemStage, &'a str)],
    /// What is said while there is none.
    pub none: &'a str,
}

impl Words<'_> {
    fn of(&self, stage: ItemStage) -> String {
        let known = self.stages.iter().find(|(known, _)| *known == stage);
        known.map_or_else(|| stage.to_string(), |(_, word)| (*word).to_owned())
    }
}

/// One server's row.
struct Row<'a> {
    node: NodeId,
    /// The server, as it is or as it was when it stopped.
    view: Option<&'a MemberView>,
    down: bool,
}

/// What is drawn in a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cell {
    stage: ItemStage,
    term: u32,
    down: bool,
    /// Rounds differ, so the number of this one is printed.
    numbered: bool,
}

/// The strip at moment `len`, as wide as `width`: only the last columns that fit.
pub fn scene(
    line: Line<'_>,
    len: usize,
    width: f32,
    scale: Scale,
    words: &Words<'_>,
    selected: Option<Item>,
) -> Scene {
    let rows: Vec<Row<'_>> =
        line.nodes().iter().filter(|node| node.is_server()).map(|node| row(line, len, *node)).collect();
    let lines = Lines { head: 1.4, legend: 9.2 };
    let grid = Grid::new(scale, width, lines, rows.len(), words.stages.len() + 1);
    let columns = columns(&rows, grid.fits);
    let mut scene = Scene::new(Point::new(width, grid.height()));
    if columns.is_empty() {
        grid.draw_empty(&mut scene, words.none);
    } else {
        grid.draw_head(&mut scene, grid.head / 2.0, words.number);
    }
    for (column, number) in columns.iter().enumerate() {
        grid.draw_number(&mut scene, column, grid.head / 2.0, *number);
    }
    let numbered = rows.iter().filter_map(|row| row.view).any(|view| view.items.values().any(|i| i.term > 1));
    for (index, row) in rows.iter().enumerate() {
        grid.draw_row(&mut scene, index, row.node, row.down);
        for (column, number) in columns.iter().enumerate() {
            let Some(cell) = cell(row, *number, numbered) else { continue };
            let (area, item) = (grid.cell(index, column), Item::Slot(row.node, *number));
            draw_cell(&mut scene, Some(item), area, cell);
            draw_selection(&mut scene, item, area, selected);
            scene.hit(item, area, name(row, *number, cell, words, scale.speech));
        }
    }
    draw_legend(&mut scene, &grid, words);
    scene
}

fn name(row: &Row<'_>, number: u32, cell: Cell, words: &Words<'_>, speech: Speech) -> String {
    let (node, down, item, stage) = (row.node, cell.down, words.item, words.of(cell.stage));
    let round = cell.numbered.then_some(cell.term);
    speech.say(Phrase::ItemCell { node, down, item, number, stage: &stage, round })
}

fn row(line: Line<'_>, len: usize, node: NodeId) -> Row<'_> {
    let (mut down, mut moment) = (false, len);
    for _ in 0..RECORDS_BACK {
        let Some(record) = line.last_of_node(node, moment) else { break };
        if let State::Member(view) = &record.view.state {
            return Row { node, view: Some(view), down };
        }
        down = true;
        moment = record.seq.index();
    }
    Row { node, view: None, down }
}

/// The newest numbers that some server knows.
fn columns(rows: &[Row<'_>], fits: usize) -> Vec<u32> {
    let views = rows.iter().filter_map(|row| row.view);
    let all: BTreeSet<u32> =
        views.flat_map(|view| view.items.keys().rev().take(fits).copied().collect::<Vec<_>>()).collect();
    let skip = all.len().saturating_sub(fits);
    all.into_iter().skip(skip).collect()
}

fn cell(row: &Row<'_>, number: u32, numbered: bool) -> Option<Cell> {
    let item = row.view?.items.get(&number)?;
    // What was only heard of was in memory.
    let lost = row.down && item.stage == ItemStage::Begun;
    (!lost).then_some(Cell { stage: item.stage, term: item.term, down: row.down, numbered })
}

fn draw_cell(scene: &mut Scene, item: Option<Item>, area: Area, cell: Cell) {
    let colour = if cell.down { Ink::Dead } else { Ink::Epoch(cell.term) };
    let on = if cell.down { Ink::Paper } else { Ink::OnEpoch(cell.term) };
    let thin = if cell.down { Pen::new(colour, 1.5).dashed() } else { Pen::new(colour, 1.5) };
    let (middle, half) = (area.centre(), (area.max.x - area.min.x) / 2.0);
    let square = Area::around(middle, half - 0.5);
    let mut ink = Ink::Text;
    match cell.stage {
        ItemStage::Begun => {
            let (radius, fill, pen) = (half * 0.75, Some(Ink::Paper), Some(thin));
            scene.draw(item, Shape::Circle { centre: middle, radius, fill, pen });
        }
        ItemStage::Prepared => {
            scene.draw(item, diamond(middle, half, Some(Ink::Paper), None));
            let [_, right, bottom, left] = corners(middle, half);
            let points = vec![right, bottom, left];
            scene.draw(item, Shape::Path { points, fill: Some(colour), pen: None });
            scene.draw(item, diamond(middle, half, None, Some(thin)));
        }
        ItemStage::PreCommitted => {
            scene.draw(item, diamond(middle, half, Some(colour), Some(thin)));
            ink = on;
        }
        ItemStage::Committed => {
            let pen = Some(if cell.down { thin } else { Pen::new(Ink::Text, 2.0) });
            scene.draw(item, Shape::Rect { area: square, round: 2.0, fill: Some(colour), pen });
            ink = on;
        }
        ItemStage::Aborted => {
            let (fill, pen) = (Some(Ink::Paper), Some(thin));
            scene.draw(item, Shape::Rect { area: square, round: 2.0, fill, pen });
        }
    }
    draw_sign(scene, item, square, cell, ink);
}

/// The tick or the cross of a decision; the number of the round of what is not decided.
fn draw_sign(scene: &mut Scene, item: Option<Item>, area: Area, cell: Cell, ink: Ink) {
    let at = |x: f32, y: f32| area.min.moved((area.max.x - area.min.x) * x, (area.max.y - area.min.y) * y);
    let mut line = |points: Vec<Point>, pen| {
        scene.draw(item, Shape::Path { points, fill: None, pen: Some(pen) });
    };
    match cell.stage {
        ItemStage::Committed => {
            line(vec![at(0.2, 0.52), at(0.42, 0.75), at(0.8, 0.25)], Pen::new(ink, 2.0));
        }
        ItemStage::Aborted => {
            let pen = Pen::new(if cell.down { Ink::Dead } else { Ink::Fault }, 2.0);
            line(vec![at(0.22, 0.22), at(0.78, 0.78)], pen);
            line(vec![at(0.22, 0.78), at(0.78, 0.22)], pen);
        }
        _ if cell.numbered => {
            let (anchor, size, backed) = (Anchor::Middle, TextSize::Small, ink == Ink::Text);
            let text = cell.term.to_string();
            scene.draw(item, Shape::Text { at: area.centre(), anchor, size, ink, backed, text });
        }
        _ => {}
    }
}

/// Top, right, bottom, left.
fn corners(middle: Point, half: f32) -> [Point; 4] {
    [middle.moved(0.0, -half), middle.moved(half, 0.0), middle.moved(0.0, half), middle.moved(-half, 0.0)]
}

fn diamond(middle: Point, half: f32, fill: Option<Ink>, pen: Option<Pen>) -> Shape {
    let [top, right, bottom, left] = corners(middle, half);
    let mut points = vec![top, right, bottom, left];
    if fill.is_none() {
        points.push(top);
    }
    Shape::Path { points, fill, pen }
}

fn draw_legend(scene: &mut Scene, grid: &Grid, words: &Words<'_>) {
    let sample = |stage, down| Cell { stage, term: 1, down, numbered: false };
    for (index, (stage, word)) in words.stages.iter().enumerate() {
        let area = grid.draw_legend(scene, index, word);
        draw_cell(scene, None, area, sample(*stage, false));
    }
    let down = grid.scale.speech.say(Phrase::DownAsShown);
    let area = grid.draw_legend(scene, words.stages.len(), &down);
    draw_cell(scene, None, area, sample(ItemStage::Prepared, true));
}

/// Whether a run has servers that this strip can show, as far as it has been told.
pub fn fits(line: Line<'_>, len: usize) -> bool {
    let member = |node: &NodeId| row(line, len, *node).view.is_some();
    line.nodes().iter().any(member)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stage_has_a_picture_of_its_own() {
        let area = Area::sized(Point::default(), 20.0, 20.0);
        let mut seen = BTreeSet::new();
        for stage in ItemStage::ALL {
            let mut scene = Scene::new(Point::new(20.0, 20.0));
            draw_cell(&mut scene, None, area, Cell { stage, term: 1, down: false, numbered: false });
            // Without its inks, as somebody sees it who sees no colours.
            let shapes: Vec<String> = scene.to_text().lines().map(without_inks).collect();
            assert!(seen.insert(shapes), "{stage} looks like another stage");
        }
    }

    fn without_inks(line: &str) -> String {
        line.split(' ')
            .filter(|word| !word.contains("epoch") && *word != "fault")
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn words_of_a_stage_that_a_protocol_does_not_name_are_its_own() {
        let words = Words { stages: &[], ..Words::TRANSACTIONS };
        assert_eq!(words.of(ItemStage::Committed), "committed");
        assert_eq!(strip_word(&Words::TRANSACTIONS), "prepared, in doubt");
    }

    fn strip_word(words: &Words<'_>) -> String {
        words.of(ItemStage::Prepared)
    }
}
