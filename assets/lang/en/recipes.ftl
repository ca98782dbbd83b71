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
recipe-form-times = Turns
recipe-form-every_ms = Pause, ms
recipe-form-size = How many
recipe-form-value = Value
recipe-form-paths = More paths
why-field = This recipe needs every field that is empty
why-number = A field of the recipe is not a whole number
why-recipe-only-zab = Only ZooKeeper’s clients carry out recipes
why-no-recipe = This client carries out no recipe
