//! The languages of the window: one catalogue each, in Fluent's format, one file an area.
//!
//! A text is asked for by its id (`branch-delete`) or, for what belongs to it, by id and attribute
//! (`cmd-help.tip`). A test compares the catalogues: same files, same ids, same arguments.

mod plain;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentError, FluentResource};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::OnceLock;

pub use fluent_bundle::FluentValue;

use plain::Plain;

/// A language that the window speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Simplified Chinese.
    Chinese,
}

/// An area's texts: its name and one source for each language, in the order of [`Language::ALL`].
type Area = (&'static str, [&'static str; 2]);

/// One file of texts in each language.
macro_rules! area {
    ($name:literal) => {
        (
            $name,
            [
                include_str!(concat!("../../assets/lang/en/", $name, ".ftl")),
                include_str!(concat!("../../assets/lang/zh-CN/", $name, ".ftl")),
            ],
        )
    };
}

/// All files of texts.
const AREAS: [Area; 23] = [
    area!("branches"),
    area!("checks"),
    area!("clients"),
    area!("commands"),
    area!("compare"),
    area!("control"),
    area!("family"),
    area!("files"),
    area!("guards"),
    area!("happenings"),
    area!("inspector"),
    area!("lessons"),
    area!("measures"),
    area!("menus"),
    area!("queues"),
    area!("reasons"),
    area!("recipes"),
    area!("rules"),
    area!("spacetime"),
    area!("stage"),
    area!("time"),
    area!("why"),
    area!("window"),
];

impl Language {
    /// In the order of menus.
    pub const ALL: [Self; 2] = [Self::English, Self::Chinese];

    /// Its own name for itself.
    pub fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Chinese => "简体中文",
        }
    }

    /// The one after it.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::English => Self::Chinese,
            Self::Chinese => Self::English,
        }
    }

    fn tag(self) -> unic_langid::LanguageIdentifier {
        let tag = match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        };
        tag.parse().expect("the two tags are well formed")
    }
}

/// A language's texts, to be passed around.
#[derive(Clone, Copy)]
pub struct Lang(&'static Catalogue);

struct Catalogue {
    language: Language,
    texts: FluentBundle<FluentResource>,
    plain: Plain,
}

impl Lang {
    /// The texts of a language; read once.
    pub fn of(language: Language) -> Self {
        static READ: [OnceLock<Catalogue>; 2] = [const { OnceLock::new() }; 2];
        Self(READ[language as usize].get_or_init(|| Catalogue::read(language)))
    }

    /// Which language it is.
    pub fn language(self) -> Language {
        self.0.language
    }

    /// A text without arguments; `id.attribute` for what belongs to another text.
    pub fn say(self, id: &str) -> String {
        self.0.plain.say(id, &[]).unwrap_or_else(|| self.text(id, None))
    }

    /// A text with arguments.
    pub fn say_with(self, id: &str, arguments: &[(&'static str, FluentValue<'_>)]) -> String {
        if let Some(said) = self.0.plain.say(id, arguments) {
            return said;
        }
        let mut all = FluentArgs::with_capacity(arguments.len());
        for (name, value) in arguments {
            all.set(*name, value.clone());
        }
        self.text(id, Some(&all))
    }

    /// Whether the catalogue has this text.
    pub fn knows(self, id: &str) -> bool {
        self.format(id, None).is_some()
    }

    /// A text that is missing shows its id: seen at once, and no reason to stop.
    fn text(self, id: &str, arguments: Option<&FluentArgs<'_>>) -> String {
        let Some((text, mistakes)) = self.format(id, arguments) else { return format!("⟦{id}⟧") };
        debug_assert!(mistakes.is_empty(), "{id}: {mistakes:?}");
        text
    }

    /// The text, and what was wrong with its arguments.
    fn format(self, id: &str, arguments: Option<&FluentArgs<'_>>) -> Option<(String, Vec<FluentError>)> {
        let (message, attribute) = id.split_once('.').map_or((id, None), |(id, name)| (id, Some(name)));
        let message = self.0.texts.get_message(message)?;
        let pattern = match attribute {
            None => message.value()?,
            Some(name) => message.get_attribute(name)?.value(),
        };
        let mut mistakes = Vec::new();
        let text = self.0.texts.format_pattern(pattern, arguments, &mut mistakes);
        Some((text.into_owned(), mistakes))
    }
}

/// An argument that stands in the text as it is, numbers without any dots in between.
pub fn shown(value: impl fmt::Display) -> FluentValue<'static> {
    value.to_string().into()
}

impl fmt::Debug for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Lang({:?})", self.0.language)
    }
}

impl Catalogue {
    fn read(language: Language) -> Self {
        let mut texts = FluentBundle::new_concurrent(vec![language.tag()]);
        // Marks around arguments are for texts that mix directions; ours would show them as boxes.
        texts.set_use_isolating(false);
        for (name, sources) in AREAS {
            let source = sources[language as usize].to_owned();
            let resource = FluentResource::try_new(source)
                .unwrap_or_else(|(_, mistakes)| panic!("{language:?} {name}.ftl: {mistakes:?}"));
            if let Err(mistakes) = texts.add_resource(resource) {
                panic!("{language:?} {name}.ftl says something twice: {mistakes:?}");
            }
        }
        let mut plain = Plain::default();
        for (_, sources) in AREAS {
            plain.read(sources[language as usize]);
        }
        Self { language, texts, plain }
    }
}

#[cfg(test)]
mod tests;
