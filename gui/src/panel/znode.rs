//! One znode: its data, its Stat with what each field means, who may do what with it, and what was done to it.

use crate::cx::Cx;
use crate::lang::{Lang, shown};
use crate::panel::tree::kind;
use crate::tokens;
use crate::words;
use crate::znodes::Effect;
use egui::{Grid, Label, RichText, ScrollArea, Ui};
use zoolab_core::request::Stat;
use zoolab_core::tree::{Tree, Znode};

/// Versions shown at most.
const VERSIONS: usize = 60;

/// The selected znode of a tree.
pub fn znode_ui(ui: &mut Ui, cx: &Cx<'_>, tree: &Tree) {
    let Some(path) = cx.store.znodes.selected() else {
        ui.label(RichText::new(cx.say("znode-nothing")).color(cx.tokens.weak));
        return;
    };
    ScrollArea::vertical().auto_shrink(false).id_salt("znode").show(ui, |ui| {
        ui.add(Label::new(RichText::new(&**path).strong()).truncate());
        match tree.node(path) {
            Some(znode) => node_ui(ui, cx, znode),
            None => {
                ui.label(cx.say("znode-none"));
            }
        }
        versions_ui(ui, cx);
    });
}

fn node_ui(ui: &mut Ui, cx: &Cx<'_>, znode: &Znode) {
    let kind = kind(cx, znode);
    let kind = if kind.is_empty() { cx.say("mode-persistent") } else { kind };
    ui.add(
        Label::new(
            cx.say_with("znode-kind", &[("kind", shown(kind)), ("data", shown(words::data(&znode.data)))]),
        )
        .truncate(),
    );
    let stat = znode.stat();
    ui.label(RichText::new("Stat").strong());
    Grid::new("stat").num_columns(4).spacing([10.0, 1.0]).min_row_height(tokens::FACT).show(ui, |ui| {
        let fields = fields(&stat);
        // Two columns of fields, read downwards.
        let half = fields.len().div_ceil(2);
        for row in 0..half {
            for (name, value, meaning) in [fields.get(row), fields.get(row + half)].into_iter().flatten() {
                ui.label(RichText::new(*name).weak()).on_hover_text(cx.say(meaning));
                ui.label(value).on_hover_text(cx.say(meaning));
            }
            ui.end_row();
        }
    });
    ui.horizontal(|ui| {
        let (name, value, meaning) = owner(cx, &stat);
        ui.label(RichText::new(name).weak()).on_hover_text(cx.say(meaning));
        ui.label(value).on_hover_text(cx.say(meaning));
    });
    ui.label(RichText::new("ACL").strong()).on_hover_text(cx.say("znode-acl.tip"));
    for entry in znode.acl.entries() {
        let who = cx.say_with(
            "znode-acl",
            &[("who", shown(&entry.id)), ("rights", shown(rights(cx, &entry.perms.to_string())))],
        );
        ui.add(Label::new(who).wrap()).on_hover_text(cx.say(scheme(&entry.id.scheme)));
    }
}

/// A field of a Stat: its name, its value, and the id of what it means (facts 5.3).
type Field = (&'static str, String, &'static str);

/// The longest field, which has a line of its own.
fn owner(cx: &Cx<'_>, stat: &Stat) -> Field {
    let owner = if stat.ephemeral_owner == zoolab_core::ids::SessionId::NONE {
        "0x0".to_owned()
    } else {
        format!("{} ({})", stat.ephemeral_owner, words::owner(cx.line, cx.len, stat.ephemeral_owner))
    };
    let meaning = "stat-owner";
    ("ephemeralOwner", owner, meaning)
}

fn fields(stat: &Stat) -> [Field; 10] {
    let ms = |ms: i64| format!("{ms} ms");
    [
        ("cZxid", stat.czxid.to_string(), "stat-czxid"),
        ("ctime", ms(stat.ctime_ms), "stat-ctime"),
        ("mZxid", stat.mzxid.to_string(), "stat-mzxid"),
        ("mtime", ms(stat.mtime_ms), "stat-mtime"),
        ("pZxid", stat.pzxid.to_string(), "stat-pzxid"),
        ("cversion", stat.cversion.to_string(), "stat-cversion"),
        ("dataVersion", stat.version.to_string(), "stat-version"),
        ("aclVersion", stat.aversion.to_string(), "stat-aversion"),
        ("dataLength", stat.data_length.to_string(), "stat-length"),
        ("numChildren", stat.num_children.to_string(), "stat-children"),
    ]
}

fn rights(cx: &Cx<'_>, letters: &str) -> String {
    let word = |letter| match letter {
        'c' => "right-create",
        'd' => "right-delete",
        'r' => "right-read",
        'w' => "right-write",
        _ => "right-admin",
    };
    let words: Vec<String> = letters.chars().map(word).map(|id| cx.say(id)).collect();
    if words.is_empty() { cx.say("right-none") } else { words.join(", ") }
}

/// The id of what a scheme of ids means (facts 8).
fn scheme(name: &str) -> &'static str {
    match name {
        "world" => "scheme-world",
        "digest" => "scheme-digest",
        "ip" => "scheme-ip",
        "auth" => "scheme-auth",
        _ => "scheme-other",
    }
}

/// What transactions did to a znode, in words.
fn effects(lang: Lang, effects: &[Effect]) -> String {
    let of = |effect: &Effect| match effect {
        Effect::Created(data) => lang.say_with("effect-created", &[("data", shown(words::data(data)))]),
        Effect::Set(version, data) => {
            let data = shown(words::data(data));
            lang.say_with("effect-set", &[("version", shown(version)), ("data", data)])
        }
        Effect::Acl(version, acl) => {
            lang.say_with("effect-acl", &[("version", shown(version)), ("acl", shown(acl))])
        }
        Effect::Deleted => lang.say("effect-deleted"),
        Effect::DeletedWithSession => lang.say("effect-deleted-with-session"),
    };
    effects.iter().map(of).collect::<Vec<_>>().join("; ")
}

fn versions_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let versions = cx.store.znodes.versions();
    ui.label(RichText::new(cx.say("znode-versions")).strong()).on_hover_text(cx.say("znode-versions.tip"));
    if versions.is_empty() {
        ui.label(RichText::new(cx.say("znode-versions-none")).color(cx.tokens.weak));
    }
    Grid::new("versions").num_columns(2).spacing([10.0, 1.0]).min_row_height(tokens::FACT).show(ui, |ui| {
        for version in versions.iter().take(VERSIONS) {
            ui.label(RichText::new(version.zxid.to_string()).weak());
            let what = effects(cx.lang, &version.what);
            let text = cx.say_with("znode-version", &[("what", shown(what)), ("ms", shown(version.time_ms))]);
            ui.add(Label::new(text).truncate());
            ui.end_row();
        }
    });
}
