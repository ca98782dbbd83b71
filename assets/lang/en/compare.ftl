### Several protocols side by side

score-decided = decided
    .tip = Writes that somebody decided to do
score-aborted = aborted
    .tip = Writes that somebody decided not to do, or that a new leader discarded
score-undecided = undecided
    .tip = Writes that were begun and that some running server cannot decide
score-disagreement = disagreement
    .tip = Whether two servers decided differently
score-messages = messages
    .tip = Messages between servers since the first write, signs of life not counted
score-forced-writes = forced writes
    .tip = Fsyncs of servers since the first write
score-latency = latency
    .tip = Median time from the beginning of a write to its first decision
score-locked-now = locked now
    .tip = Locks that are held at this moment
score-answers-now = answers now
    .tip = Whether no client has waited for its write for longer than 500 ms
track-began = { $name } at { $at }
track-opened = { $track } opened at { $at }: { $name }; the old future is kept
track-look = { $name }: click to look at it in every lane  [B for the next]
lanes-verbs = In every lane:
lanes-align = Align lanes by:
lanes-align-by = align by { $what }
lanes-nth = write { $nth }
lanes-meet = all lanes meet there
    .tip = Look at the moment at which the lanes meet
lanes-looking = looking for it in { $lanes } …
lanes-never = it never happens in { $lanes }, shown by time
lane-not-begun = its run has not begun here
lane-no-other = there is no other { $other }: { $others } servers do not lead
lane-nobody-paused = nobody is paused
lane-broken = This run cannot be shown
lane-later = begins later
lane-checks = ✔ checks hold
lane-checks-broken =
    { $count ->
        [0] ✖ { $name }
       *[other] ✖ { $name } and { $count } more
    }
