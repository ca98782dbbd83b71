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
