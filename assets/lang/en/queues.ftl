### Lines of clients: locks, elections, semaphores, barriers, work

page-queues = Queues
    .tip = Show or hide who holds a lock, who waits for it in which order, and who watches whom
cmd-line = Show a line of clients
    .tip = Show the line of clients at this path
lines-none = Nobody stands in line: select a client and start a recipe, or open the scenario “Ten clients, one lock”
lines-only-zab = Only ZooKeeper has znodes to stand in line with
lines-title = Lines, { $count }
    .tip = Found by the names of znodes, as Curator, kazoo and ZooKeeper’s own recipes make them, and by who watches them
line-nobody = Nobody stands in line at { $path } at this moment
line-count =
    { $holders ->
        [1] 1 holds it
       *[other] { $holders } hold it
    }, { $waiters ->
        [1] 1 waits
       *[other] { $waiters } wait
    }
line-work-count = { $holders } being done, { $waiters } wait
line-limit = { $limit } may at a time
line-named-by = { $kind }, named as { $maker } does
line-last = { $span } ago one left and woke { $count }
    .tip = How many clients were told by their watches that a znode of this line had gone: one where each watches the one before, all where everybody watches one znode
line-somebody-wrong = somebody believes to hold it and does not
line-znode-hint = Click to show the znode in the data tree
line-session-hint = Click to show the sessions
line-of-lock = Lock
line-of-read-write-lock = Read-write lock
line-of-latch = Election by a latch
line-of-semaphore = Semaphore
line-of-barrier = Double barrier
line-of-work = Queue of work
line-of-herd = One znode that all watch
line-free = free
line-shut = shut: not all are there
line-open = open
line-alone = wants it alone
line-read = reads
line-write = writes
line-lease = a lease
line-member = a member
line-item = work
line-watcher = watches
line-has = holds for { $span }
line-waits = waits for { $span }
line-is-there = there for { $span }
line-session = session { $session }
line-session-left = session { $session }, { $left } left
line-believes = believes: { $standing }
line-silent = says nothing
line-agrees = the service agrees
line-not-yet = holds it, does not know it yet
line-doubts = holds it, is in doubt
line-wrong = the service does not agree
line-watches = watches { $other }
line-watches-somebody = watches another
line-watches-all = watches the whole line
line-watched-by = watched by { $count }
