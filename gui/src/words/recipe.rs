//! Recipes in words.

use crate::lang::{Lang, shown};
use zoolab_core::recipe::{Kind, Param, Recipe, Standing};

/// What a client does: "locks /locks/a".
pub fn recipe(lang: Lang, recipe: &Recipe) -> String {
    let paths =
        if recipe.kind.takes(Param::Path) { recipe.path.to_string() } else { recipe.with.paths.join(", ") };
    lang.say_with(&format!("recipe-{}", recipe.kind.name()), &[("path", shown(paths))])
}

/// What the recipe is called: "Curator's mutex".
pub fn kind(lang: Lang, kind: Kind) -> String {
    lang.say(&format!("kind-{}", kind.name()))
}

/// How a recipe stands.
pub fn standing(lang: Lang, standing: Standing) -> String {
    lang.say(&format!("standing-{standing:?}"))
}
