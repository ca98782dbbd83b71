//! One znode: its data, its Stat with what each field means, who may do what with it, and what was done to it.

use crate::cx::Cx;
use crate::panel::tree::kind;
use crate::tokens;
use crate::words;
use egui::{Grid, Label, RichText, ScrollArea, Ui};
use zoolab_core::request::Stat;
use zoolab_core::tree::{Tree, Znode};

const NOTHING: &str = "Click a znode: its data, Stat and ACL are shown here, and what was done to it";
/// Versions shown at most.
const VERSIONS: usize = 60;

/// The selected znode of a tree.
pub fn znode_ui(ui: &mut Ui, cx: &Cx<'_>, tree: &Tree) {
    let Some(path) = cx.store.znodes.selected() else {
        ui.label(RichText::new(NOTHING).color(cx.tokens.weak));
        return;
    };
    ScrollArea::vertical().auto_shrink(false).id_salt("znode").show(ui, |ui| {
        ui.add(Label::new(RichText::new(&**path).strong()).truncate());
        match tree.node(path) {
            Some(znode) => node_ui(ui, cx, znode),
            None => {
                ui.label("There is no such znode at this moment");
            }
        }
        versions_ui(ui, cx);
    });
}

fn node_ui(ui: &mut Ui, cx: &Cx<'_>, znode: &Znode) {
    let kind = kind(cx, znode);
    let kind = if kind.is_empty() { "persistent".to_owned() } else { kind };
    ui.add(Label::new(format!("{kind}, data {}", words::data(&znode.data))).truncate());
    let stat = znode.stat();
    ui.label(RichText::new("Stat").strong());
    Grid::new("stat").num_columns(4).spacing([10.0, 1.0]).min_row_height(tokens::FACT).show(ui, |ui| {
        let fields = fields(&stat);
        // Two columns of fields, read downwards.
        let half = fields.len().div_ceil(2);
        for row in 0..half {
            for (name, value, meaning) in [fields.get(row), fields.get(row + half)].into_iter().flatten() {
                ui.label(RichText::new(*name).weak()).on_hover_text(*meaning);
                ui.label(value).on_hover_text(*meaning);
            }
            ui.end_row();
        }
    });
    ui.horizontal(|ui| {
        let (name, value, meaning) = owner(cx, &stat);
        ui.label(RichText::new(name).weak()).on_hover_text(meaning);
        ui.label(value).on_hover_text(meaning);
    });
    ui.label(RichText::new("ACL").strong()).on_hover_text(
        "Who may do what: c creates children, d deletes children, r reads, w writes, a sets this list. \
         Children do not inherit it",
    );
    for entry in znode.acl.entries() {
        let who = format!("{} may {}", entry.id, rights(&entry.perms.to_string()));
        ui.add(Label::new(who).wrap()).on_hover_text(scheme(&entry.id.scheme));
    }
}

/// A field of a Stat: its name, its value, and what it means (facts 5.3).
type Field = (&'static str, String, &'static str);

/// The longest field, which has a line of its own.
fn owner(cx: &Cx<'_>, stat: &Stat) -> Field {
    let owner = if stat.ephemeral_owner == zoolab_core::ids::SessionId::NONE {
        "0x0".to_owned()
    } else {
        format!("{} ({})", stat.ephemeral_owner, words::owner(cx.line, cx.len, stat.ephemeral_owner))
    };
    let meaning = "The session that it goes with; 0x0 for znodes that do not go with one";
    ("ephemeralOwner", owner, meaning)
}

fn fields(stat: &Stat) -> [Field; 10] {
    let ms = |ms: i64| format!("{ms} ms");
    [
        ("cZxid", stat.czxid.to_string(), "The transaction that created it"),
        ("ctime", ms(stat.ctime_ms), "When it was created, by the leader's clock"),
        (
            "mZxid",
            stat.mzxid.to_string(),
            "The transaction that last set its data; a change of its children is none",
        ),
        ("mtime", ms(stat.mtime_ms), "When its data was last set, by the leader's clock"),
        ("pZxid", stat.pzxid.to_string(), "The transaction that last created or deleted a child of it"),
        ("cversion", stat.cversion.to_string(), "How many children were created and deleted, both counted"),
        (
            "dataVersion",
            stat.version.to_string(),
            "How often its data was set; a set that expects another version fails with BadVersion",
        ),
        ("aclVersion", stat.aversion.to_string(), "How often its ACL was set"),
        ("dataLength", stat.data_length.to_string(), "Bytes of its data; 0 for null too"),
        ("numChildren", stat.num_children.to_string(), "How many children it has now"),
    ]
}

fn rights(letters: &str) -> String {
    let word = |letter| match letter {
        'c' => "create",
        'd' => "delete",
        'r' => "read",
        'w' => "write",
        _ => "admin",
    };
    let words: Vec<&str> = letters.chars().map(word).collect();
    if words.is_empty() { "do nothing".to_owned() } else { words.join(", ") }
}

/// What a scheme of ids means (facts 8).
fn scheme(name: &str) -> &'static str {
    match name {
        "world" => "Everybody",
        "digest" => "Who has proved by addauth to know this user's password; its hash is part of the id",
        "ip" => "Whose address is this, or begins with so many of its bits",
        "auth" => "Whoever had proved something on the connection that set this list",
        _ => "Known by this scheme",
    }
}

fn versions_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let versions = cx.store.znodes.versions();
    ui.label(RichText::new("What was done to it, newest first").strong())
        .on_hover_text("As far as this server's log has it: what is older is only in its snapshot");
    if versions.is_empty() {
        ui.label(RichText::new("nothing in this server's log").color(cx.tokens.weak));
    }
    Grid::new("versions").num_columns(2).spacing([10.0, 1.0]).min_row_height(tokens::FACT).show(ui, |ui| {
        for version in versions.iter().take(VERSIONS) {
            ui.label(RichText::new(version.zxid.to_string()).weak());
            let text = format!("{} at {} ms", version.what, version.time_ms);
            ui.add(Label::new(text).truncate());
            ui.end_row();
        }
    });
}
