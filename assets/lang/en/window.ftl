### The window: pages, layouts, and what stands around them

page-stage = Ensemble
    .tip = The servers and clients, and the messages between them
page-logs = Logs
    .tip = The logs of all servers side by side
page-inspector = Inspector
    .tip = What is selected, field by field, and everything you can do to it
page-events = Events
    .tip = Show or hide the list of events
page-console = Console
    .tip = Show or hide zkCli of a client
page-tree = Data tree
    .tip = Show or hide the znodes of a server, and what differs between servers and moments
page-sessions = Sessions and watches
    .tip = Show or hide sessions with their time left, and who watches what

layout-ensemble = Ensemble
    .tip = The ensemble with its logs, the inspector and the events
layout-lecture = Lecture
    .tip = The ensemble and its logs, nothing else
layout-clients = Clients
    .tip = What clients see: console, data tree, sessions and watches
view = View
    .tip = Pages and layouts, theme, language and size
layout-investigate = Investigate
    .tip = For a run that fails: space-time diagram, causes, checks and breakpoints
layouts = Layout
layouts-pages = Pages
layouts-name = name of this layout
cmd-recall = Lay out
    .tip = Lay the pages out as under this name
cmd-keep = Keep
    .tip = Keep the present layout under this name
cmd-forget = Forget
    .tip = Forget this layout

window-starting = Starting the engine …
palette-page = Page: { $name }
palette-layout = Layout: { $name }
palette-scenario = Scenario: { $name }
palette-comparison = Compare: { $name }
palette-hint = Type what you are looking for
palette-nothing = Nothing has such a name
hint-try = Try this:
hint-first =
    { $servers ->
        [1] One server elects itself. Watch, or press Space to stop and → to go step by step. Then break it: click the server with the crown and press K to crash it
       *[other] { $servers } servers elect a leader. Watch, or press Space to stop and → to go step by step. Then break it: click the server with the crown and press K to crash it
    }
