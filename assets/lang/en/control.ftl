### Controlling a run: breakpoints, what comes next, crashes and disks

cmd-next-delivery = Next message
    .tip = Go to the next message that arrives, of those that are shown
cmd-next-phase = Next phase
    .tip = Go to where a server enters another phase: election, discovery, synchronization, broadcast, or a step of a transaction
cmd-run-until = Run until…
    .tip = Type a condition, and let time pass until it is true

page-breakpoints = Breakpoints
    .tip = Show or hide where time stops by itself, and "run until"
break-elected = A server is elected
break-established = A leader's epoch is established
break-session-expired = A session expires
break-blocked = A transaction is blocked
break-decided = A write is committed
break-any-check = A check breaks
break-acted = Somebody or the script intervenes
break-milestone = Milestone { $name }
break-message = A { $label } arrives
break-node = Anything happens at { $node }
break-check = { $check } breaks
break-delivery = A message arrives
break-phase = A server enters another phase
break-toggle = Stop there
    .tip = Whether time stops here while it passes
break-add = Breakpoint
    .tip = Stop every time this becomes true
break-remove = Remove
    .tip = Remove this breakpoint
break-typing = Condition
    .tip = A condition as in scenario files, such as Elected("s2") or AllApplied("/a"). Tab takes the first suggestion
break-until = Run until
    .tip = Let time pass until this becomes true, counted from now; Space gives up
break-hint = such as Delivered("COMMIT", to: "s2")
break-run = Run
break-more = Stop at:
break-more-milestone = a milestone
break-more-message = a message
break-more-node = a node
break-more-check = a check
break-hits =
    { $count ->
        [one] stopped once
       *[other] stopped { $count } times
    }
break-stopped = Stopped at a breakpoint: { $what }
break-stopped-at = Stopped at { $at }: { $what }

page-upcoming = Upcoming
    .tip = Show or hide what can happen next, and let something happen first
upcoming-nothing = Nothing can happen here without you: start or restart a server, or let a client write
upcoming-playing = Time passes: pause with Space to choose what comes next
upcoming-waits = waits
upcoming-message = { $label } from { $from } arrives
upcoming-timer = timer { $name } fires
upcoming-fsync =
    { $writes ->
        [one] fsync of { $writes } write ends
       *[other] fsync of { $writes } writes ends
    }
upcoming-deliver = First
    .tip = Let this message arrive first; on a connection everything ahead of it comes with it
upcoming-fire = First
    .tip = Let this timer fire now, its server's clock leaping to when it was due
upcoming-end = End now
    .tip = Let this fsync end now: its writes are durable
upcoming-not-now = Not now: the server is not running, or another timer of this name fires before

page-disks = Disks
    .tip = Show or hide what is durable on each server, and what a crash would take
disk-in-memory = in memory
    .tip = Not handed to the disk: any crash takes it
disk-pending = in the page cache
    .tip = Written, not fsynced: a power loss takes it, the death of the process does not
disk-durable = durable
    .tip = Fsynced: no crash takes it
disk-older = … { $count } older
disk-empty = empty log
disk-no-log = keeps no log of transactions
disk-down = not running: what is on its disk is there when it boots
disk-all-durable =
    { $writes ->
       *[other] Nothing is pending
    }
disk-no-fsync =
    { $writes ->
        [one] { $writes } write is pending, no fsync is under way
       *[other] { $writes } writes are pending, no fsync is under way
    }
disk-fsync =
    { $writes ->
        [one] fsync of { $writes } write, ends in { $left }
       *[other] fsync of { $writes } writes, ends in { $left }
    }
disk-crash-now = A crash now:
disk-loses-nothing = loses nothing written
disk-loses = loses { $what }
disk-loses-some = loses a part of { $what }, the last record torn
disk-writes =
    { $writes ->
        [one] { $writes } write
       *[other] { $writes } writes
    }
crash-asks =
    { $writes ->
        [one] Crash { $server }: { $writes } write is not durable
       *[other] Crash { $server }: { $writes } writes are not durable
    }
crash-pending = Power loss
    .tip = Everything that is pending is gone
crash-torn = Power loss in mid-write
    .tip = A part of what is pending survives, its last record half-written
crash-nothing = Only the process dies
    .tip = The operating system still writes what it was given
crash-no = Do not crash
