### What a run costs and when it serves; the stage in words

page-cost = Cost
    .tip = Show or hide messages by type, forced writes, waiting times, and who could serve when
cost-counts = Up to this moment
    .tip = Every message that left, of servers and clients, and every fsync that began
cost-messages = messages
cost-fsyncs = fsyncs of servers
cost-bytes = bytes to programs outside
cost-reads = wait for reads, last { $count }
cost-writes = wait for writes, last { $count }
cost-waiting = requests without an answer
cost-spread = { $median } median, { $p99 } p99
cost-ribbon = Who could serve
    .tip = Writes go through a server while it reaches the leader and the leader a quorum; a cut-off leader does not know yet that they do not
cost-rates = Messages a second, by type
    .tip = Seconds of cluster time, up to this moment; click to look there. Types that only keep connections alive are shown by Pings
cost-rates-name = Messages a second by type over time, at most { $most }
cost-others = all others
cost-waits = How long requests took
    .tip = Each answered request where it was asked, as high as it took; click to look there
cost-waits-name = How long requests took over time: { $reads } reads and { $writes } writes are drawn
cost-read = read
cost-write = write
cost-failed = failed

serves-writes = reads and writes
serves-reads = reads only
serves-nothing = serves nobody
serves-down = down
serves-part = { $node }, { $level }; reads { $reads } % of the time, writes { $writes } %

page-twin = In words
    .tip = Show or hide the stage in words: every server, client, broken link and message, a line each
twin-nodes = Servers and clients, { $count }
twin-links = Directions that do not work, { $count }
twin-messages = Messages on their way, { $count }
twin-cut = { $from } → { $to } is cut: nothing passes
twin-held = { $from } → { $to } is held: messages wait until released
twin-zxids = last zxid { $logged }, committed up to { $committed }
twin-paused = paused: its input waits
twin-clients = clients: { $clients }
twin-selected = selected
twin-answer = last answer: { $answer }
twin-timer = { $timer } fires in { $span }
twin-writes =
    { $count ->
        [1] 1 write not durable yet
       *[other] { $count } writes not durable yet
    }
twin-arrives = { $message }, arrives in { $span }
