### What happens, in words: the events, the caption, what screen readers say

## Records

happens-acted = intervention: { $action }
happens-refused = refused: { $action } – { $why }
happens-booted = starts
happens-stopped = stops
happens-sent = sends { $message } to { $to }, arrives in { $span }
happens-sent-waits = sends { $message } to { $to }, which waits: the way is blocked
happens-rerouted = { $message } is on its way again, arrives { $at }
happens-rerouted-waits = { $message } waits: the way is blocked
happens-delivered = receives { $message } from { $from }
happens-lost = { $message } is lost: { $why }
happens-dialled = opens a connection to { $peer }
happens-closed = learns that its connection with { $peer } is gone
happens-timer = timer fires: { $timer }
happens-fsync-began =
    { $writes ->
        [one] fsync of 1 write begins, takes { $span }
       *[other] fsync of { $writes } writes begins, takes { $span }
    }
happens-fsync-ended =
    { $writes ->
        [one] 1 write is durable
       *[other] { $writes } writes are durable
    }
happens-requested = asks: { $op }
happens-replied = { $op }: { $answer }
happens-failed = { $op } fails: { $code }
happens-violated = { $check } is violated: { $why }
happens-outside = answers the program outside, { $bytes } bytes
happens-hung-up = hangs up on the program outside
happens-limit = limit reached: { $why }
happens-to = { $node } { $what }

message-from = { $label } from { $from }
message-to = { $label } to { $to }
message-unknown = message { $seq }

lost-network = lost by the network
lost-connection-gone = its connection is gone
lost-not-connected = no connection to send it on
lost-replaced = replaced by a newer one in the one-slot queue
lost-receiver-down = the receiver is down
lost-dropped = dropped by hand

answer-created = created { $path }
answer-ok = ok, version { $version }
answer-data = { $data }, version { $version }
answer-done = ok
answer-rolled-back = rolled back: operation { $nth } of { $all } fails with { $code }

branch-main = main
branch-nth = branch { $nth }

## Milestones

did-looking = looks for a leader, round { $round } ({ $why })
did-voted = votes for { $vote }
did-elected = ends its election: { $leader } leads
did-epoch-accepted = acceptedEpoch = { $epoch } is durable
did-epoch-current = currentEpoch = { $epoch } is durable
did-sync-chosen = { $kind }({ $zxid }) for { $learner }: { $why }
did-established = epoch { $epoch } is established
did-serving = serves clients in epoch { $epoch }
did-stepped-down = steps down: { $why }
did-proposed = proposes { $zxid }
did-logged = logged { $zxid }, not yet durable
did-durable = log durable up to { $zxid }
did-acked = counts the ACK of { $by } for { $zxid }
did-committed = commits { $zxid }
did-applied = applies { $zxid }
did-truncated = truncates its log to { $to }: { $removed } removed
did-restored = replaces its tree by the leader's at { $zxid }
did-snapshot = snapshot at { $zxid }
did-recovered = recovered up to { $zxid }, { $replayed } replayed
did-torn-tail = torn record at the end of the log cut off; { $kept } is the last whole one
did-session-opened = session { $session } opened, timeout { $timeout } ms
did-session-expired = session { $session } expired
did-began = begins { $txn }: { $what }
did-prepared = prepared { $txn }: its YES is durable, its locks are kept
did-voted-no = votes NO on { $txn }: { $why }
did-pre-committed = pre-committed { $txn }
did-blocked = is blocked on { $txn }: { $why }
did-promised = promises ballot { $ballot }
did-prevailed = has a quorum of promises for ballot { $ballot }
did-adopted = must adopt for { $txn } what was accepted in ballot { $ballot }: { $what }
did-preempted = gives its ballot up for the higher { $ballot }
did-accepted = accepts for { $txn } in ballot { $ballot }: { $what }
did-decided = decides { $txn }: { $what }
did-decided-abort = decides { $txn }: abort
did-merged = takes over { $entries } newer from { $from }
did-lease-expired = drops { $path }: its lease has run out
did-connected = connected to { $server }
did-disconnected = disconnected: { $why }
did-watch-set = watches { $path } ({ $watch })
did-watch-fired = hears { $event } { $path }
did-ignored = ignored: { $why }
did-fatal = exits: { $why }
vote = ({ $leader }, { $zxid }, epoch { $epoch })

## Interventions

act-start = start { $node }
act-crash = crash { $node }
act-crash-torn = crash { $node } in the middle of a write
act-kill = kill the process of { $node }
act-restart = restart { $node }
act-pause = pause { $node }
act-resume = resume { $node }
act-clock = clock of { $node } at { $percent } %
act-disk = fsync of { $node } takes { $percent } %
act-wipe = empty disk for { $node }
act-cut = cut { $a } – { $b }
act-cut-way = cut { $a } → { $b }
act-heal = heal { $a } – { $b }
act-partition = partition { $sides }
act-isolate = isolate { $node }
act-heal-all = heal the network
act-reset = reset the connection { $a } – { $b }
act-slow-link = latency { $a } – { $b } at { $percent } %
act-hold = hold { $a } → { $b }
act-release = release { $a } → { $b }
act-loss = lose { $percent } % of datagrams
act-duplication = duplicate { $percent } % of datagrams
act-latency = latency { $low } to { $high }
act-deliver = deliver { $message } now
act-drop = drop { $message }
act-duplicate = duplicate { $message }
act-hold-message = hold { $message }
act-fire-timer = fire the { $timer } timer of { $node } now
act-end-fsync = end the fsync of { $node } now
act-request = { $client }: { $op }
act-connect = { $client } turns to { $server }
act-dial = { $client }: a program connects to { $server }
act-bytes = { $client }: a program sends { $bytes } bytes
act-hang-up = { $client }: a program hangs up
act-message = message { $nth } from { $from } to { $to }

# Recipes.
did-queued = stands in the queue { $path } as { $znode }
did-woken = is woken up by { $path }
did-acquired = has its turn at { $path } by { $znode }, token { $token }
did-released = gives back { $path }: { $why }
did-learned = learns of { $path }: { $what }
did-stored = keeps the write of { $by }, token { $token }
did-refused-write = refuses the write of { $by }: token { $token } is older than one it has seen
act-recipe = { $client } { $recipe }
