//! Values laid out as a person would: on one line if it fits, else one part a line.

/// Widest line before a value is broken up.
const WIDTH: usize = 100;

/// A value to be laid out.
#[derive(Clone, Debug)]
pub(super) enum Layout {
    /// Never broken.
    Word(String),
    /// A value after its name.
    Field(&'static str, Box<Layout>),
    /// Parts between brackets.
    Group {
        /// The name, if any, and the opening bracket.
        open: String,
        parts: Vec<Layout>,
        close: char,
        /// One part a line, even if it would fit.
        tall: bool,
    },
}

impl Layout {
    pub(super) fn word(word: impl ToString) -> Self {
        Self::Word(word.to_string())
    }

    pub(super) fn field(name: &'static str, value: Self) -> Self {
        Self::Field(name, Box::new(value))
    }

    pub(super) fn group(open: impl Into<String>, parts: Vec<Self>, close: char) -> Self {
        Self::Group { open: open.into(), parts, close, tall: false }
    }

    /// `[…]`.
    pub(super) fn list(parts: Vec<Self>) -> Self {
        Self::group("[", parts, ']')
    }

    /// The same with one part a line.
    pub(super) fn tall(self) -> Self {
        match self {
            Self::Group { open, parts, close, .. } => {
                let tall = !parts.is_empty();
                Self::Group { open, parts, close, tall }
            }
            other => other,
        }
    }

    /// Adds its text to `out`, whose last line is indented by `indent`; `after` letters follow on the line.
    pub(super) fn write(&self, out: &mut String, indent: usize, after: usize) {
        match self {
            Self::Word(word) => out.push_str(word),
            Self::Field(name, value) => {
                out.push_str(name);
                out.push_str(": ");
                value.write(out, indent, after);
            }
            Self::Group { open, parts, close, tall } => {
                let used = out.rsplit('\n').next().map_or(0, |line| line.chars().count());
                if !self.is_tall() && used + self.width() + after <= WIDTH {
                    self.write_flat(out);
                    return;
                }
                out.push_str(open);
                if let ([only @ Self::Group { .. }], false) = (parts.as_slice(), *tall) {
                    // `All([` and `])` stand together.
                    only.write(out, indent, after + 1);
                    out.push(*close);
                    return;
                }
                for part in parts {
                    out.push('\n');
                    out.extend(std::iter::repeat_n(' ', indent + 4));
                    part.write(out, indent + 4, 1);
                    out.push(',');
                }
                out.push('\n');
                out.extend(std::iter::repeat_n(' ', indent));
                out.push(*close);
            }
        }
    }

    fn write_flat(&self, out: &mut String) {
        match self {
            Self::Group { open, parts, close, .. } => {
                out.push_str(open);
                for (place, part) in parts.iter().enumerate() {
                    if place > 0 {
                        out.push_str(", ");
                    }
                    part.write_flat(out);
                }
                out.push(*close);
            }
            Self::Field(name, value) => {
                out.push_str(name);
                out.push_str(": ");
                value.write_flat(out);
            }
            Self::Word(word) => out.push_str(word),
        }
    }

    /// Whether it must be broken, for itself or for a part.
    fn is_tall(&self) -> bool {
        match self {
            Self::Word(_) => false,
            Self::Field(_, value) => value.is_tall(),
            Self::Group { parts, tall, .. } => *tall || parts.iter().any(Self::is_tall),
        }
    }

    /// Letters it takes on one line.
    fn width(&self) -> usize {
        match self {
            Self::Word(word) => word.chars().count(),
            Self::Field(name, value) => name.len() + 2 + value.width(),
            Self::Group { open, parts, .. } => {
                let commas = 2 * parts.len().saturating_sub(1);
                open.chars().count() + 1 + commas + parts.iter().map(Self::width).sum::<usize>()
            }
        }
    }
}
