### Checks: what must hold, and how it stands

check-leadership = Leadership
    .tip = Each epoch has at most one leader, ever
check-prefix-consistency = PrefixConsistency
    .tip = What any two servers have delivered is the same, as far as both have come
check-integrity = Integrity
    .tip = Whatever a server applies was proposed by a leader, with the same content
check-agreement = Agreement
    .tip = Of any two servers, one has delivered everything that the other has
check-total-order = TotalOrder
    .tip = If some server delivers a before b, every server that delivers b has delivered a earlier
check-local-primary-order = LocalPrimaryOrder
    .tip = What one leader proposed in an epoch is delivered in the order it was proposed, without gaps
check-global-primary-order = GlobalPrimaryOrder
    .tip = No server delivers a transaction of an epoch after one of a later epoch
check-primary-integrity = PrimaryIntegrity
    .tip = A leader that proposes has delivered all that any server delivers of earlier epochs
check-no-acked-write-lost = NoAckedWriteLost
    .tip = A write whose client was told OK is in the history of every later leader and on every server that has come that far
check-epoch-order = EpochOrder
    .tip = A server's currentEpoch never exceeds its acceptedEpoch, and neither ever goes back
check-tree-equality = TreeEquality
    .tip = Servers that have applied the same last transaction have the same tree
check-session-order = SessionOrder
    .tip = A client's session never sees an older state than it has seen before
check-one-holder = OneHolder
    .tip = Whoever takes its turn is first in the queue, as the service has it
check-one-believer = OneBeliever
    .tip = At most one client believes that it holds a lock, or that it leads; no service can promise it
check-fairness = Fairness
    .tip = Of clients that want the same lock, whoever has waited longer is served first
check-no-lost-wake-up = NoLostWakeUp
    .tip = No client goes on waiting for a znode that is gone
check-fenced-writes = FencedWrites
    .tip = A storage that locks protect keeps no write of a holder after one of its successor
check-liveness = Liveness
    .tip = Once faults have stopped and a quorum is healthy, a leader emerges and a write commits
check-decided-agreement = Agreement
    .tip = No two nodes decide differently
check-stability = Stability
    .tip = A node that has decided never decides otherwise, not even after a crash
check-unanimity = Unanimity
    .tip = A transaction commits only when every participant has voted yes, durably
check-veto = Veto
    .tip = A transaction that a participant has voted NO on never commits anywhere
check-majority-accepted = MajorityAccepted
    .tip = A value is learned only once a majority has durably accepted it in one ballot
check-promise-kept = PromiseKept
    .tip = An acceptor accepts and promises nothing below the highest ballot it has promised
check-validity = Validity
    .tip = Only what a client has asked for is decided

page-checks = Checks
    .tip = Show or hide what must hold, whether it does, and what this scenario expects
checks-all-hold =
    { $count ->
        [one] all { $count } check holds
       *[other] all { $count } checks hold
    }
checks-hold =
    { $count ->
        [one] { $count } check holds
       *[other] { $count } checks hold
    }
check-holds = { $check } holds
check-is-broken = { $check } is broken
check-first-broken = First broken here, at { $at }
check-first-broken-here = First broken here
    .tip = First broken here: click to look at that moment
checks-more-broken = and { $count } more
lamp-holds = holds
lamp-broken = broken
lamp-waits = waiting
live-met = A write was committed at { $at }; the last fault was at { $since }
live-idle = The service works; nobody has asked it for a write since { $since }
live-waits = A write was asked for, and none was committed since { $since }. What each server waits for:
live-waits-unasked = No write was committed since { $since }. What each server waits for:
live-since = , since { $at }
live-timer = ; its { $name } timer fires at { $at }
live-down = { $server } is not running
live-server = { $server }, { $state }, waits for nothing of its own
live-server-waits = { $server }, { $state }, waits for { $what }
expectations = What this scenario expects
expected-met = met
expected-so-far = true so far
expected-failed = failed
expected-not-yet = not yet
