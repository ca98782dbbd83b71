### Time: the clock, the scrubber, branches, the feed, and what is told of them

live-shut = The ports are closed: no real client is connected any more
live-open = Real clients can connect to { $hosts }. Time passes as on the clock; when it stands still, so do the servers
engine-unknown-branch = The engine told of branch { $branch }, which was never begun
engine-took-back = The engine took back records of branch { $branch } that another branch shares
engine-never-was = The engine began branch { $branch } from a moment that never was
branch-opened = { $new } opened at { $at }: { $name }; the old future is kept on { $old }
branch-opened-live = { $new } opened at { $at }: { $name }; the old future is kept on { $old }; real clients stay on { $old }, where time stands still while you look here
refused = Could not { $action }: { $why }
stop-end = The run is over: go back and break something, or choose another scenario
stop-idle = Nothing has happened for a while, so time stands still: break something, or press Space to go on
stop-nothing-ahead = There is none in the next two minutes of cluster time: break something, or let a client write
speed-fast = { $speed } s of cluster time = 1 s
speed-slow = 1 s of cluster time = { $speed } s
clock-looking = looking for it …
clock-going = going there …
clock-answer = waiting for the answer …
clock-quiet = skipping quiet time
clock-playing = playing
clock-paused = paused
clock-meaning = Time in the cluster since the run began
clock-meaning-lanes = Time on the clock of all lanes
dial-milestone-back = ⏪ Milestone
dial-step-back = ◀ Step
dial-pause = ⏸ Pause
dial-play = ▶ Play
dial-step = Step ▶
dial-milestone = Milestone ⏩
dial-speed = Speed
dial-speed-hint = How fast time passes  [+ and -]
scrubber-name = Time in the run, { $at }
scrubber-lanes = Time of all lanes, { $at }
scrubber-leader = leader
track-show = show { $branch }: { $name }
track-hint = Click to look at this branch  [B for the next]
feed-shown = { $rows } shown
feed-search = search, such as COMMIT s2
feed-search-hint = Find events by words  [Ctrl F]
feed-go = Click to look at this moment
