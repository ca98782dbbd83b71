//! The panels, one file each: `fn thing_ui(ui, cx)`, which reads and queues commands.

pub mod branches;
pub mod checks;
pub mod compare_bar;
pub mod compare_lanes;
pub mod compare_time;
pub mod console;
pub mod feed;
pub mod guards;
pub mod help;
pub mod hint;
pub mod inspector;
pub mod inspector_member;
pub mod inspector_parts;
pub mod log_strip;
pub mod menus;
pub mod palette;
pub mod pipeline;
pub mod scrubber;
pub mod sessions;
pub mod stage;
pub mod toasts;
pub mod transport;
pub mod tree;
pub mod view;
pub mod znode;
