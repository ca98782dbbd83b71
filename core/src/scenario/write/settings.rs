//! Settings of the protocols, as far as they are not as usual.

use super::call::Form;
use super::layout::Layout;
use super::{ms, ms_range};
use crate::scenario::{CommitSpec, GeneralsSpec, PaxosSpec, RegistrySpec};

/// The fields that are not as usual, each with its name and whether it is one; `None` if none is.
pub(super) fn changed<const N: usize>(fields: [(&'static str, bool, Layout); N]) -> Option<Layout> {
    let form = fields
        .into_iter()
        .filter(|(_, changed, _)| *changed)
        .fold(Form::new(""), |form, (name, _, value)| form.named(name, value));
    (!form.is_empty()).then(|| form.done())
}

pub(super) fn commit(spec: &CommitSpec) -> Option<Layout> {
    let usual = CommitSpec::default();
    let refuse = |(site, path)| Layout::word(format!("\"{site}\": {path:?}"));
    let refuses = spec.refuses.iter().map(refuse).collect();
    changed([
        ("vote_timeout_ms", spec.vote_timeout != usual.vote_timeout, ms(spec.vote_timeout)),
        ("doubt_timeout_ms", spec.doubt_timeout != usual.doubt_timeout, ms(spec.doubt_timeout)),
        ("cooperative", spec.cooperative != usual.cooperative, Layout::word(spec.cooperative)),
        ("substitute", spec.substitute != usual.substitute, Layout::word(spec.substitute)),
        ("refuses", !spec.refuses.is_empty(), Layout::group("{", refuses, '}')),
    ])
}

pub(super) fn paxos(spec: &PaxosSpec) -> Option<Layout> {
    let usual = PaxosSpec::default();
    changed([
        ("single", spec.single != usual.single, Layout::word(spec.single)),
        ("distinguished", spec.distinguished != usual.distinguished, Layout::word(spec.distinguished)),
        ("retry_ms", spec.retry != usual.retry, ms_range(spec.retry)),
        ("heartbeat_ms", spec.heartbeat != usual.heartbeat, ms(spec.heartbeat)),
        ("takeover_ms", spec.takeover != usual.takeover, ms_range(spec.takeover)),
    ])
}

pub(super) fn generals(spec: GeneralsSpec) -> Option<Layout> {
    let usual = GeneralsSpec::default();
    changed([
        ("confirmations", spec.confirmations != usual.confirmations, Layout::word(spec.confirmations)),
        ("messengers", spec.messengers != usual.messengers, Layout::word(spec.messengers)),
        ("dawn_ms", spec.dawn != usual.dawn, ms(spec.dawn)),
    ])
}

pub(super) fn registry(spec: RegistrySpec) -> Option<Layout> {
    let usual = RegistrySpec::default();
    changed([
        ("gossip_ms", spec.gossip != usual.gossip, ms(spec.gossip)),
        ("lease_ms", spec.lease != usual.lease, ms(spec.lease)),
    ])
}
