### Files: opening, saving, exporting, and the scenario as text

file = File
    .tip = Open and save scenarios and traces, and export runs for other programs
file-recent = Recent files
file-recent-none = Nothing was opened yet
file-export = Export
file-drop = Drop it to open it
file-copied = The scenario is on the clipboard, with everything done by hand as steps
file-saved = Saved: { $path }
file-trace-same = { $path } is replayed, byte for byte: go on with it, branch it, change it
file-trace-differs = This version does not make the saved trace again: from record { $record } on it comes out otherwise. You see what happens now
file-problems =
    { $count ->
        [one] one problem, marked in the text
       *[other] { $count } problems, marked in the text
    }

cmd-new = New scenario
    .tip = Write a scenario, beginning with a small one
cmd-open = Open…
    .tip = Open a scenario, a comparison or a saved trace
cmd-copy-scenario = Copy as scenario
    .tip = Put this branch on the clipboard as a scenario that replays it, with everything done by hand
cmd-forget-recent = Forget these
    .tip = Forget which files were opened
save-scenario = Save scenario…
    .tip = Save this branch as a scenario that replays it, with everything done by hand
save-trace = Save trace…
    .tip = Save everything that has happened on this branch: one JSON object a line
save-test = Save as test…
    .tip = Save a Rust test that replays this branch and expects what it has shown
save-transcript = Transcript…
    .tip = Text, a line a step, for any editor
save-shiviz = ShiViz log…
    .tip = Events with vector clocks, for ShiViz
save-perfetto = Perfetto trace…
    .tip = Roles, steps, fsyncs and message arrows on a time line, for ui.perfetto.dev and chrome://tracing
save-csv = Table (CSV)…
    .tip = A record a row, for spreadsheets and data frames
save-svg = Picture of the stage (SVG)…
    .tip = The ensemble at this moment, as a picture that scales
save-png = Picture of the stage (PNG)…
    .tip = The ensemble at this moment, in pixels
save-svg-logs = Picture of the logs (SVG)…
    .tip = The logs at this moment, as a picture that scales
save-png-logs = Picture of the logs (PNG)…
    .tip = The logs at this moment, in pixels
save-mermaid = Sequence diagram (Mermaid)…
    .tip = The messages of the stretch that the space-time diagram shows or that is marked in it, for Markdown
save-svg-spacetime = Space-time diagram (SVG)…
    .tip = The stretch that the page shows or that is marked in it, as a picture that scales
save-png-spacetime = Space-time diagram (PNG)…
    .tip = The stretch that the page shows or that is marked in it, in pixels
save-svg-sequence = Sequence diagram (SVG)…
    .tip = The same messages as a picture that scales
save-png-sequence = Sequence diagram (PNG)…
    .tip = The same messages in pixels

page-scenario = Scenario
    .tip = Show or hide the scenario as text, to read, change and run it
cmd-run-text = Run it
    .tip = Begin the run that this text describes; the present one is lost
cmd-save-text = Save text…
    .tip = Save this text as a file
cmd-show-run-text = Text of this run
    .tip = Show the text of the run you look at; what you have written is kept
cmd-restore-text = Bring back my text
    .tip = Show the text that was replaced, and keep this one instead
editor-fine = can be run
editor-problems =
    { $count ->
        [one] one problem
       *[other] { $count } problems
    }

dialog-all-files = All files
dialog-open = Open
dialog-save = Save
dialog-cancel = Cancel
dialog-overwrite = Overwrite
dialog-file-name = File name:
dialog-reload = Read again
dialog-places = Places
dialog-overwrite-question = { $name } is there already. Overwrite it?
dialog-up = To the folder around this one
dialog-folder = The folder; type another and press Enter
dialog-empty = Nothing here can be opened
