//! The small form with which a person lets a client carry out a recipe.

use std::sync::Arc;
use zoolab_core::recipe::{Kind, Param, Recipe, Settings};
use zoolab_core::time::Span;
use zoolab_core::tree::path;

/// What a form can hold beside kind and path, in the order of its fields.
pub const FIELDS: [Param; 7] =
    [Param::Hold, Param::Wait, Param::Times, Param::Every, Param::Size, Param::Value, Param::Paths];

/// What the form holds: each field as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecipeForm {
    /// Which recipe.
    pub kind: Kind,
    /// The znode it is about.
    pub path: String,
    fields: [String; FIELDS.len()],
}

impl Default for RecipeForm {
    fn default() -> Self {
        let mut form = Self::of(Kind::Lock, "/locks");
        "4000".clone_into(&mut form.fields[0]);
        form
    }
}

/// The kinds that a form can begin; giving back has a button of its own.
pub fn kinds() -> impl Iterator<Item = Kind> {
    Kind::ALL.into_iter().map(|(kind, _)| kind).filter(|kind| *kind != Kind::Release)
}

impl RecipeForm {
    /// A form in which nothing but this is filled in.
    pub fn of(kind: Kind, path: &str) -> Self {
        Self { kind, path: path.to_owned(), fields: Default::default() }
    }

    /// The fields that count for its kind, each with whether it may be empty.
    pub fn fields(&mut self) -> impl Iterator<Item = (Param, &mut String)> {
        let kind = self.kind;
        FIELDS.into_iter().zip(&mut self.fields).filter(move |(param, _)| kind.takes(*param))
    }

    /// The recipe, or the id of what is wrong.
    pub fn recipe(&self) -> Result<Recipe, &'static str> {
        let path: Arc<str> = if self.kind.takes(Param::Path) { self.path.trim().into() } else { "/".into() };
        path::validate(&path).map_err(|_| "why-path")?;
        let mut with = Settings::default();
        for (param, text) in FIELDS.into_iter().zip(&self.fields) {
            let text = text.trim();
            if self.kind.takes(param) && !text.is_empty() {
                set(&mut with, param, text)?;
            } else if needs(self.kind, param) {
                return Err("why-field");
            }
        }
        Ok(Recipe { kind: self.kind, path, with })
    }
}

/// Whether a recipe cannot do without this setting.
fn needs(kind: Kind, param: Param) -> bool {
    let form = Kind::ALL.iter().find(|(other, _)| *other == kind).map_or("", |(_, form)| form);
    let params = form.split_once('(').map_or("", |(_, params)| params).trim_end_matches(')');
    params.split(", ").any(|known| known == param.name())
}

fn set(with: &mut Settings, param: Param, text: &str) -> Result<(), &'static str> {
    let number = || text.parse::<u32>().map_err(|_| "why-number");
    let span = || number().map(|ms| Span::from_ms(u64::from(ms)));
    match param {
        Param::Hold => with.hold = Some(span()?),
        Param::Wait => with.wait = Some(span()?),
        Param::Every => with.every = Some(span()?),
        Param::Times => with.times = Some(number()?),
        Param::Size => with.size = Some(number()?),
        Param::Value => with.value = Some(text.into()),
        Param::Paths => {
            let paths: Vec<Arc<str>> = text.split_whitespace().map(Arc::from).collect();
            if paths.iter().any(|path| path::validate(path).is_err()) {
                return Err("why-path");
            }
            with.paths = paths;
        }
        // The path has a field of its own; a storage and a policy are for scenarios.
        Param::Path | Param::Store | Param::Retry => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_becomes_a_recipe_or_a_reason() {
        let mut form = RecipeForm::default();
        let recipe = form.recipe().expect("the form begins with a recipe");
        assert_eq!(
            (recipe.kind, &*recipe.path, recipe.with.hold),
            (Kind::Lock, "/locks", Some(Span::from_ms(4000)))
        );
        form.fields().for_each(|(_, text)| text.clear());
        assert_eq!(form.recipe().map(|recipe| recipe.with), Ok(Settings::default()));
        form.fields().for_each(|(_, text)| "soon".clone_into(text));
        assert_eq!(form.recipe(), Err("why-number"));
        form.path = "locks".to_owned();
        assert_eq!(form.recipe(), Err("why-path"));
    }

    #[test]
    fn a_field_that_does_not_count_does_not_hinder() {
        let mut form = RecipeForm::default();
        form.fields().for_each(|(_, text)| "soon".clone_into(text));
        form.kind = Kind::Latch;
        assert_eq!(form.recipe().map(|recipe| recipe.with), Ok(Settings::default()));
        assert_eq!(form.fields().map(|(param, _)| param).collect::<Vec<_>>(), [Param::Value]);
    }

    #[test]
    fn every_kind_can_be_begun_by_a_form() {
        for kind in kinds() {
            let mut form = RecipeForm { kind, ..RecipeForm::default() };
            for (param, text) in form.fields() {
                let typed = if param == Param::Paths { "/a /b" } else { "3" };
                typed.clone_into(text);
            }
            assert!(form.recipe().is_ok(), "{kind}");
        }
    }
}
