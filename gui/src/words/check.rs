//! Checks by their names: what they are called and what they mean is in the catalogues.

use zoolab_core::scenario::ProtocolName;

/// The id of a check's texts: its name, and as the attribute `tip` what it means. Agreement means one thing where
/// histories are agreed on, another where decisions are.
pub fn id(protocol: ProtocolName, name: &str) -> Option<&'static str> {
    Some(match name {
        "Agreement" if protocol != ProtocolName::Zab => "check-decided-agreement",
        "Leadership" => "check-leadership",
        "PrefixConsistency" => "check-prefix-consistency",
        "Integrity" => "check-integrity",
        "Agreement" => "check-agreement",
        "TotalOrder" => "check-total-order",
        "LocalPrimaryOrder" => "check-local-primary-order",
        "GlobalPrimaryOrder" => "check-global-primary-order",
        "PrimaryIntegrity" => "check-primary-integrity",
        "NoAckedWriteLost" => "check-no-acked-write-lost",
        "EpochOrder" => "check-epoch-order",
        "TreeEquality" => "check-tree-equality",
        "SessionOrder" => "check-session-order",
        "OneHolder" => "check-one-holder",
        "OneBeliever" => "check-one-believer",
        "Fairness" => "check-fairness",
        "NoLostWakeUp" => "check-no-lost-wake-up",
        "FencedWrites" => "check-fenced-writes",
        "Liveness" => "check-liveness",
        "Stability" => "check-stability",
        "Unanimity" => "check-unanimity",
        "Veto" => "check-veto",
        "MajorityAccepted" => "check-majority-accepted",
        "PromiseKept" => "check-promise-kept",
        "Validity" => "check-validity",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::{Lang, Language};
    use zoolab_core::check;

    #[test]
    fn every_check_has_its_texts() {
        for (_, protocol) in ProtocolName::ALL {
            for name in check::names(protocol) {
                let id = id(protocol, name).unwrap_or_else(|| panic!("no texts for {name}"));
                for lang in Language::ALL.map(Lang::of) {
                    assert!(lang.knows(id) && lang.knows(&format!("{id}.tip")), "{lang:?}: {id}");
                }
            }
        }
    }
}
