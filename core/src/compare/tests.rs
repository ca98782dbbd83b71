//! What is counted is what the textbooks say, and what the trace shows.

use super::*;
use crate::scenario::ProtocolName;

/// One write, nothing breaks, every message takes 5 ms and every fsync 2 ms.
fn quiet(protocol: &str, servers: u8) -> Score {
    let text = format!(
        "(name: \"quiet\", protocols: [{protocol}], servers: {servers}, until_ms: 4000,
          net: [Latency(ms: 5)], disk: (fsync_ms: 2), workload: (writes: 1, from_ms: 3000))"
    );
    let comparison = load("quiet", &text).unwrap_or_else(|problems| panic!("{problems}"));
    comparison.run().remove(0).score
}

/// Gray, Skeen, Lamport, Junqueira: n is the number of remote servers.
#[test]
fn costs_without_faults_are_the_textbooks() {
    for servers in [3, 5, 7] {
        let n = u64::from(servers) - 1;
        for (protocol, messages, forced, delays, to_all) in [
            ("TwoPhase", 3 * n, 2 * n + 1, 2.0, 3.0),
            ("ThreePhase", 5 * n, 3 * n + 2, 4.0, 5.0),
            ("Zab", 3 * n, n + 1, 2.0, 3.0),
        ] {
            let score = quiet(protocol, servers);
            let found = (score.decided, score.aborted, score.undecided, score.disagreement);
            assert_eq!(found, (1, 0, 0, false), "{protocol}");
            assert_eq!(score.messages, messages, "messages of {protocol} with {n} remote servers");
            assert_eq!(score.forced_writes, forced, "forced writes of {protocol} with {n} remote servers");
            assert_eq!(score.delays.map(|spread| spread.median), Some(delays), "delays of {protocol}");
            let last = score.delays_to_all.map(|spread| spread.median);
            assert_eq!(last, Some(to_all), "delays of {protocol} to the last server");
        }
    }
}

#[test]
fn faults_name_roles_and_every_lane_has_its_own() {
    let text = "(name: \"x\", protocols: [TwoPhase, Zab], servers: 3, until_ms: 8000,
        workload: (writes: 20, from_ms: 2000), steps: [When(is: Begun(nth: 5), act: Crash(\"lead\"))],
        expect: {TwoPhase: [Eventually(Locked)], All: [Always(AllChecksHold)]})";
    let comparison = load("x", text).unwrap_or_else(|problems| panic!("{problems}"));
    let lanes = comparison.run();
    let [two, zab] = &lanes[..] else { panic!("two lanes") };
    assert_eq!((two.score.protocol, zab.score.protocol), (ProtocolName::TwoPhase, ProtocolName::Zab));
    assert_eq!((two.score.recovered, zab.score.recovered), (Some(false), Some(true)));
    assert_eq!((two.score.undecided, zab.score.undecided), (1, 0));
    assert!(two.score.locked_now == 2 && two.score.unavailable > zab.score.unavailable);
    assert!(two.report.all_held() && zab.report.all_held());
}
