### The bar at the top, the checks and the help

live-hang-up = Hang up on real clients
live-copy = Copy address
    .tip = { $hosts }: click to copy it for your client
live-connected = { $connected } connected to :{ $ports }
menu-compare = Compare protocols side by side
menu-servers =
    { $servers ->
        [1] 1 server
       *[other] { $servers } servers
    }
menu-servers-word = servers
menu-again = Start this run again
menu-group = Show or hide the scenarios of this protocol
checks-all =
    { $count ->
        [1] ✔ the one check holds
       *[other] ✔ all { $count } checks hold
    }
checks-some = ✔ { $count } checks hold
checks-broken = First broken here: click to look at that moment
help-keys = Keys
help-in-every-lane = In every lane
help-title = Keys and shapes
help-close = Close
help-server = With a server selected
help-link = With a link selected
help-message = With a message selected
help-client = With a client selected
help-shapes = What the shapes mean
live-only-zab = Only ZAB serves ZooKeeper's clients: choose one of its scenarios
