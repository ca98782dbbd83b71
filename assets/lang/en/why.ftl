### Why is it so: the page with a chain of causes, and what can be asked

cmd-why = Why?
    .tip = Ask why the selected thing is as it is
why-nothing = Why?
why-how = Select a server, a message or a log cell and press W; or press the “?” beside a fact, or right-click what you want to know the reason of
why-on-diagram = On the diagram
    .tip = Show these steps as a path on the space-time diagram
why-go = Click to look at this moment
why-no-reason = There is nothing to ask here at this moment
ask-status = Why does { $node } run, or not?
ask-role = Why does { $node } have its role?
ask-leader = Why does { $node } have this leader, or none?
ask-vote = Why does { $node } vote so?
ask-phase = Why is { $node } in this phase?
ask-accepted-epoch = Why has { $node } promised this epoch?
ask-current-epoch = Why does the history of { $node } belong to this epoch?
ask-cell = Why is { $zxid } as far as it is on { $node }?
ask-slot = Why is { $number } as far as it is on { $node }?
ask-waits = Why does { $node } wait?
ask-locks = Why does { $node } hold locks?
ask-client = Why is { $node } connected, or not?
ask-last-answer = Why was { $node } told this?
ask-link = Why does the link { $a } – { $b } not work as usual?
ask-message = Why was this message sent?
ask-record = Why did this happen?
