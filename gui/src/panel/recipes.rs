//! The recipes of a client: what it carries out, how that stands by its own belief, and the form to begin another.

use crate::command::Command;
use crate::cx::Cx;
use crate::lang::shown;
use crate::page::Page;
use crate::recipe_form::{RecipeForm, kinds};
use crate::selection::Item;
use crate::verb::{Verb, release};
use crate::words;
use crate::words::recipe::{kind, standing};
use egui::{ComboBox, Grid, Label, RichText, TextEdit, Ui};
use zoolab_core::ids::NodeId;
use zoolab_core::recipe::{Param, RecipeView};
use zoolab_core::view::ClientView;

/// Width of a field of the form.
const FIELD: f32 = 160.0;

/// What a client carries out, and the form.
pub fn recipes_ui(ui: &mut Ui, cx: &Cx<'_>, node: NodeId, client: &ClientView) {
    let title = ui.label(RichText::new(cx.say("recipes")).strong());
    title.on_hover_text(cx.say("recipes.tip"));
    for (nth, recipe) in client.recipes.iter().enumerate() {
        ui.push_id(("recipe", nth), |ui| recipe_ui(ui, cx, node, recipe));
    }
    form_ui(ui, cx, node);
}

fn recipe_ui(ui: &mut Ui, cx: &Cx<'_>, node: NodeId, recipe: &RecipeView) {
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new(kind(cx.lang, recipe.kind)).strong());
        let path = ui.link(&*recipe.path).on_hover_text(cx.say("cmd-line.tip"));
        if path.clicked() {
            cx.send(Command::Line(recipe.path.clone()));
            if !cx.store.front.contains(&Page::Queues) {
                cx.send(Page::Queues.command());
            }
        }
        let since = words::span(cx.at.since(recipe.since));
        let arguments = [("standing", shown(standing(cx.lang, recipe.standing))), ("span", shown(since))];
        ui.label(cx.say_with("recipe-stands", &arguments));
        if !recipe.standing.is_over() {
            let button = ui.button(cx.say(Verb::ReleaseRecipe.id()));
            if button.on_hover_text(cx.say("verb-release-recipe.tip")).clicked() {
                cx.send(Command::Act(release(node, recipe)));
            }
        }
    });
    let turns = [("turns", recipe.turns.into()), ("woken", recipe.woken.into())];
    let mut said = cx.say_with("recipe-turns", &turns);
    if let Some(on) = &recipe.waits_for {
        said.push_str(&cx.say_with("recipe-waits-for", &[("znode", shown(on))]));
    }
    if !recipe.knows.is_empty() {
        said.push_str(&cx.say_with("recipe-knows", &[("what", shown(&recipe.knows))]));
    }
    ui.add(Label::new(RichText::new(said).color(cx.tokens.weak)).wrap());
}

fn form_ui(ui: &mut Ui, cx: &Cx<'_>, node: NodeId) {
    let mut form = cx.store.recipe.clone();
    Grid::new("recipe form").num_columns(2).show(ui, |ui| {
        let label = ui.label(cx.say("recipe-form-kind"));
        let combo =
            ComboBox::from_id_salt("recipe kind").selected_text(kind(cx.lang, form.kind)).width(FIELD);
        let combo = combo.show_ui(ui, |ui| {
            for other in kinds() {
                ui.selectable_value(&mut form.kind, other, kind(cx.lang, other));
            }
        });
        combo.response.labelled_by(label.id);
        ui.end_row();
        if form.kind.takes(Param::Path) {
            let label = ui.label(cx.say("form-path"));
            ui.add(TextEdit::singleline(&mut form.path).desired_width(FIELD)).labelled_by(label.id);
            ui.end_row();
        }
        for (param, text) in form.fields() {
            let label = ui.label(cx.say(&format!("recipe-form-{}", param.name())));
            ui.add(TextEdit::singleline(text).desired_width(FIELD)).labelled_by(label.id);
            ui.end_row();
        }
    });
    start_ui(ui, cx, node, &form);
    if form != cx.store.recipe {
        cx.send(Command::RecipeForm(form));
    }
}

fn start_ui(ui: &mut Ui, cx: &Cx<'_>, node: NodeId, form: &RecipeForm) {
    let command = Command::Verb(Verb::StartRecipe);
    let offer = Verb::StartRecipe.offer(cx.store, Item::Node(node));
    let button = ui.add_enabled(offer.is_ok(), egui::Button::new(cx.say("recipe-start")));
    if button.on_hover_text(command.hint(cx.lang)).clicked()
        && let Ok(action) = offer
    {
        cx.send(Command::Act(action));
    }
    if let Err(why) = form.recipe() {
        ui.label(RichText::new(cx.say(why)).color(cx.tokens.fault));
    }
}
