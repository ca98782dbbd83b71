### Branches: names, deletion, two of them side by side

page-compared = Compare branches
    .tip = Show or hide two branches side by side: where they part, what differs now, how requests ended
branch-track =
    .tip = Click to look at this branch, double-click to rename it, right-click for more  [B for the next]
branch-delete = Delete branch
    .tip = Hide this branch and every branch that left it; Ctrl Z brings them back
branch-undelete = Undo delete branch
    .tip = Bring back the branch that was deleted last
branch-rename = Rename branch…
    .tip = Give this branch another name, in its place below the time axis
branch-compare = Compare with the current branch
    .tip = Show where the two part and what differs between them
branch-show-equal = Equal rows too
    .tip = List what is the same on both branches as well
branch-name = Name of { $branch }
branch-first-stays = The first branch cannot be deleted: all others come from it
branch-live-stays = Real clients are on this branch or on one that left it: hang up on them first
branch-nothing-to-undo = No branch was deleted
branch-deleted =
    { $others ->
        [0] { $branch } is deleted
        [1] { $branch } is deleted, and a branch that left it
       *[other] { $branch } is deleted, and { $others } branches that left it
    }
compared-one-branch = There is only one branch. Go back in time and change something: the old future is kept, and both can be compared here
compared-choose = Compare { $branch } with:
compared-shared = states and answers as of { $at }; { $records } records shared
compared-first = First differences, node by node
compared-states = What they show now
compared-outcomes = How requests ended since the branches parted
compared-differ =
    { $count ->
        [one] { $count } differs
       *[other] { $count } differ
    }
compared-no-difference = No difference so far
compared-same-states = Every node shows the same on both
compared-same-outcomes = No request ended differently
compared-network = network
compared-nothing-more = nothing here so far
compared-not-asked = not asked
compared-no-answer = no answer yet
compared-jump = Click to look at it on its branch
field-process = process
field-role = role
field-phase = phase
field-leader = leader
field-accepted-epoch = acceptedEpoch
field-current-epoch = epoch
field-last-zxid = last zxid logged
field-durable = durable up to
field-committed = committed up to
field-tree = data tree (digest)
field-znodes = znodes
field-sessions = sessions
field-learners = learners
field-waits = waits for
field-items = items
field-values = values
field-locked = locked paths
field-connection = connection
field-session = session
field-seen = last zxid seen
field-unanswered = unanswered requests
