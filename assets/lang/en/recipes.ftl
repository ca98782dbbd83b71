# Recipes: what clients do with ZooKeeper's operations to lock, elect, count and wait.

recipe-HerdLock = locks { $path }, with the herd
recipe-FairLock = locks { $path }, in the queue
recipe-Lock = locks { $path }
recipe-RevocableLock = locks { $path }, and gives it back on request
recipe-SharedRead = locks { $path } to read
recipe-SharedWrite = locks { $path } to write
recipe-ReadLock = locks { $path } to read
recipe-WriteLock = locks { $path } to write
recipe-Latch = would lead { $path }, by a latch
recipe-Selector = would lead { $path }, in turn
recipe-Semaphore = takes a lease of { $path }
recipe-SemaphoreMutex = locks { $path }, by a semaphore of one lease
recipe-MultiLock = locks all of { $path }
recipe-WaitBarrier = waits at the barrier { $path }
recipe-SetBarrier = puts up the barrier { $path }
recipe-RemoveBarrier = takes away the barrier { $path }
recipe-DoubleBarrier = enters and leaves { $path } with the others
recipe-Producer = puts items into the queue { $path }
recipe-PriorityProducer = puts items with a priority into the queue { $path }
recipe-Consumer = takes items from the queue { $path }, at most once
recipe-SafeConsumer = takes items from the queue { $path }, at least once
recipe-SharedCount = shares the number { $path }
recipe-SharedValue = shares the value { $path }
recipe-AtomicLong = counts { $path } up
recipe-Publisher = publishes the configuration { $path }
recipe-Subscriber = follows the configuration { $path }
recipe-TakeId = takes unique ids from { $path }
recipe-Member = is a member of the group { $path }
recipe-Provider = provides the service { $path }
recipe-Caller = calls the providers of { $path }
recipe-NodeCache = caches the znode { $path }
recipe-ChildrenCache = caches the children of { $path }
recipe-TreeCache = caches { $path } and all below
recipe-PersistentNode = keeps the znode { $path } there
recipe-Store = is a storage outside of the ensemble
recipe-Revoke = wants the lock { $path } back
recipe-Release = gives back { $path }

kind-HerdLock = Lock that all watch
kind-FairLock = Lock in a queue
kind-Lock = Curator's mutex
kind-RevocableLock = Curator's mutex, revocable
kind-SharedRead = Shared lock, to read
kind-SharedWrite = Shared lock, to write
kind-ReadLock = Curator's read lock
kind-WriteLock = Curator's write lock
kind-Latch = Leader latch
kind-Selector = Leader selector
kind-Semaphore = Curator's semaphore
kind-SemaphoreMutex = Curator's semaphore of one lease
kind-MultiLock = Curator's multi-lock
kind-WaitBarrier = Waits at a barrier
kind-SetBarrier = Barrier put up
kind-RemoveBarrier = Barrier taken away
kind-DoubleBarrier = Double barrier
kind-Producer = Producer of a queue
kind-PriorityProducer = Producer of a priority queue
kind-Consumer = Consumer, at most once
kind-SafeConsumer = Consumer, at least once
kind-SharedCount = Shared count
kind-SharedValue = Shared value
kind-AtomicLong = Atomic counter
kind-Publisher = Publisher of a configuration
kind-Subscriber = Subscriber of a configuration
kind-TakeId = Unique ids
kind-Member = Member of a group
kind-Provider = Provider of a service
kind-Caller = Caller of a service
kind-NodeCache = Cache of a znode
kind-ChildrenCache = Cache of children
kind-TreeCache = Cache of a tree
kind-PersistentNode = Persistent node
kind-Store = Storage
kind-Revoke = Revocation
kind-Release = Release

standing-Asking = asking
standing-Waiting = waiting
standing-Holding = holding
standing-Doubting = in doubt
standing-Leaving = leaving
standing-Done = done
standing-Failed = failed

cmd-recipe = Recipe…
    .tip = Choose a recipe for the selected client, or for the next one: a lock, an election
verb-start-recipe = Start the recipe
    .tip = Let this client carry out the recipe in the form, from this moment on
verb-release-recipe = Release
    .tip = Let this client give back what it began last, or leave the line
recipes = Recipes
    .tip = What this client carries out, and how that stands as far as it believes
recipe-start = Start
recipe-stands = { $standing } for { $span }
recipe-turns =
    { $turns ->
        [1] 1 turn
       *[other] { $turns } turns
    }, woken { $woken ->
        [1] once
       *[other] { $woken } times
    }
recipe-waits-for = , waits for { $znode }
recipe-knows = , knows: { $what }
recipe-form-kind = Recipe
recipe-form-hold_ms = Holds, ms
recipe-form-wait_ms = Waits at most, ms
recipe-form-times = Turns
recipe-form-every_ms = Pause, ms
recipe-form-size = How many
recipe-form-value = Value
recipe-form-paths = More paths
why-field = This recipe needs every field that is empty
why-number = A field of the recipe is not a whole number
why-recipe-only-zab = Only ZooKeeper’s clients carry out recipes
why-no-recipe = This client carries out no recipe
