### The stage and the strips: what is written there, and what screen readers say of it

stage-epoch = epoch { $number }
stage-round = round { $number }
stage-votes = votes { $node }
stage-newest = zxid { $zxid }
stage-connected = connected
stage-waits-for = waits for { $number }
stage-connecting = connecting
stage-closed = closed
stage-down = down
stage-not-started = not started
stage-slow-by = latency ×{ $times }
stage-name-down = { $node } down
stage-no-transactions = No transactions yet: a client's first write appears here
stage-down-as-shown = down, as last shown
stage-server = { $node }, { $role }, epoch { $epoch }
stage-locks = , holds { $locked } locked
stage-client-connected = { $client }, client, connected to { $server }
stage-client-tries = { $client }, client, tries { $server }
stage-client-closed = { $node }, client, closed
stage-client-alone = { $node }, client, not connected
stage-node-down = { $node }, down
stage-node-not-started = { $node }, not started
stage-paused = { $name }, paused
stage-link = link { $a } – { $b }
stage-cut = { $link }, cut
stage-cut-way = { $link }, cut { $from } → { $to }
stage-held = { $link }, held
stage-held-way = { $link }, held { $from } → { $to }
stage-latency = { $link }, latency { $percent } %
stage-message = { $label } from { $from } to { $to }
stage-message-waits = { $label } from { $from } to { $to }, waits
stage-nothing-yet = Nothing has happened yet
stage-touch = Click to inspect, right-click to act
stage-takes = takes { $span }
stage-waits-what = waits for { $what }

role-looking = looking
role-follower = follower
role-leader = leader
role-observer = observer

cell-in-memory = in memory
cell-written = written
cell-durable = durable
cell-committed = committed
cell-applied = applied
cell-truncated = truncated
cell-in-snapshot = in snapshot
cell-on-disk = on disk


title-server = Server { $node }
title-client = Client { $node }
title-link = Link { $a } – { $b }
title-sent = { $label } { $from } → { $to }
title-message = Message { $seq }
title-transaction = Transaction { $zxid } on { $node }
title-number = Number { $number } on { $node }
stage-more-clients = { $count } more clients are not drawn:
