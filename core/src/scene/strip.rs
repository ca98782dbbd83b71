//! The grid that strips share: one row a server, one column a transaction, a legend below.

use super::{Anchor, Area, Ink, Item, Pen, Phrase, Point, Scale, Scene, Shape, TextSize};
use crate::ids::NodeId;

/// Sizes of a strip.
pub(super) struct Grid {
    pub scale: Scale,
    /// Where the columns begin.
    pub left: f32,
    /// Where the rows begin.
    pub head: f32,
    /// Columns there is room for.
    pub fits: usize,
    rows: usize,
    legend: usize,
    legend_columns: usize,
    legend_width: f32,
}

/// How a strip is laid out, in lines of text.
pub(super) struct Lines {
    /// Above the first row.
    pub head: f32,
    /// Width of an entry of the legend.
    pub legend: f32,
}

impl Grid {
    /// A grid of so many rows, with so many entries in its legend.
    pub fn new(scale: Scale, width: f32, lines: Lines, rows: usize, legend: usize) -> Self {
        let left = scale.line * 4.2;
        let fits = ((width - left) / scale.cell).floor().max(1.0) as usize;
        let legend_width = scale.line * lines.legend;
        let legend_columns = ((width / legend_width).floor() as usize).clamp(1, legend.max(1));
        let head = scale.line * lines.head;
        Self { scale, left, head, fits, rows, legend, legend_columns, legend_width }
    }

    fn row_height(&self) -> f32 {
        self.scale.cell + 4.0
    }

    fn legend_top(&self) -> f32 {
        self.head + self.rows as f32 * self.row_height() + self.scale.line * 0.5
    }

    /// Height of everything.
    pub fn height(&self) -> f32 {
        let lines = self.legend.div_ceil(self.legend_columns) as f32;
        self.legend_top() + lines * self.scale.line * 1.35
    }

    /// Where a cell is.
    pub fn cell(&self, row: usize, column: usize) -> Area {
        let x = self.left + column as f32 * self.scale.cell;
        let y = self.head + row as f32 * self.row_height();
        Area::sized(Point::new(x + 1.5, y + 2.0), self.scale.cell - 3.0, self.scale.cell)
    }

    /// A word left of the columns, such as what the numbers above them count.
    pub fn draw_head(&self, scene: &mut Scene, y: f32, word: &str) {
        let at = Point::new(self.left - 6.0, y);
        text(scene, at, Anchor::Right, TextSize::Small, Ink::Weak, word);
    }

    /// The number above a column.
    pub fn draw_number(&self, scene: &mut Scene, column: usize, y: f32, number: u32) {
        let at = Point::new(self.left + (column as f32 + 0.5) * self.scale.cell, y);
        let word = match number {
            small @ 0..=999 => small.to_string(),
            large => format!("…{:02}", large % 100),
        };
        text(scene, at, Anchor::Middle, TextSize::Small, Ink::Weak, &word);
    }

    /// The name of a row and the line its cells hang on.
    pub fn draw_row(&self, scene: &mut Scene, row: usize, node: NodeId, down: bool) {
        let middle = self.head + (row as f32 + 0.5) * self.row_height();
        let ink = if down { Ink::Weak } else { Ink::Text };
        let name = if down { self.scale.speech.say(Phrase::NameDown(node)) } else { node.to_string() };
        let at = Point::new(self.left - 6.0, middle);
        text(scene, at, Anchor::Right, TextSize::Body, ink, &name);
        let rule = vec![Point::new(self.left, middle), Point::new(scene.size.x, middle)];
        scene.draw(None, Shape::Path { points: rule, fill: None, pen: Some(Pen::new(Ink::Faint, 1.0)) });
    }

    /// An entry of the legend: its word; returns where its sample goes.
    pub fn draw_legend(&self, scene: &mut Scene, index: usize, word: &str) -> Area {
        let side = self.scale.line * 0.85;
        let (column, row) = (index % self.legend_columns, index / self.legend_columns);
        let x = column as f32 * self.legend_width + 2.0;
        let y = self.legend_top() + row as f32 * self.scale.line * 1.35;
        let at = Point::new(x + side + 5.0, y + side / 2.0);
        text(scene, at, Anchor::Left, TextSize::Small, Ink::Text, word);
        Area::sized(Point::new(x, y), side, side)
    }

    /// What is said while there is no column.
    pub fn draw_empty(&self, scene: &mut Scene, word: &str) {
        let at = Point::new(self.left, self.head / 2.0);
        text(scene, at, Anchor::Left, TextSize::Small, Ink::Weak, word);
    }
}

/// A frame around the selected cell, if this is it.
pub(super) fn draw_selection(scene: &mut Scene, item: Item, area: Area, selected: Option<Item>) {
    if selected == Some(item) {
        let pen = Some(Pen::new(Ink::Selected, 3.0));
        scene.draw(Some(item), Shape::Rect { area, round: 2.0, fill: None, pen });
    }
}

/// Words on the strip's own ground.
pub(super) fn text(scene: &mut Scene, at: Point, anchor: Anchor, size: TextSize, ink: Ink, word: &str) {
    let text = word.to_owned();
    scene.draw(None, Shape::Text { at, anchor, size, ink, backed: false, text });
}
