### Lessons: the course, the open lesson, the teacher's page

page-lessons = Lessons
    .tip = The course: its lessons, how long they take, and how far you are
page-lesson = Lesson
    .tip = The lesson that is open: cards, questions and tasks
page-presenter = Presenter
    .tip = For the teacher: notes, the next card, time, and the votes of the class

lessons-title = Lessons
lessons-done = { $done } of { $of } done
lessons-name = Your name
lessons-nobody = Student
lessons-student = Student: { $name }
lessons-kept = Answers are kept in { $path }
lessons-new = New
lessons-begun = Begun
lessons-finished = Done
lessons-minutes = { $minutes } min
lessons-after = builds on { $lessons }

chapter-why = Why it is hard
chapter-commit = All or nothing: two and three phases
chapter-paxos = Paxos
chapter-zab = ZAB: how ZooKeeper agrees
chapter-service = What clients see
chapter-recipes = What is built on it
chapter-all = All together
chapter-more = More

lesson-begin = Begin
    .tip = Begin this lesson
lesson-go-on = Go on
    .tip = Go on with this lesson, after what you answered last
lesson-leave = Leave
    .tip = Put the lesson away; your answers are kept
lesson-next = Next
    .tip = Go on with the lesson  [Space, PageDown or .]
lesson-back = Back
    .tip = Back to the card, question or task before  [PageUp]
lesson-return = Back to the lesson
    .tip = Go to where the lesson stands; what you did stays in its branch
lesson-choose = Answer
    .tip = Give this answer
lesson-what-if = Another branch
    .tip = See a branch of the run in which this answer is right
lesson-hint = Hint
    .tip = One hint more; it is noted
lesson-solve = Show the solution
    .tip = See the task solved; it does not count as yours then
lesson-answer-first = Answer with a key from 1 to { $count }
    .tip = The run goes on after your answer
lesson-be = Learn under this name
    .tip = What you answer is kept in a file with this name
lesson-somebody-else = Somebody else…
    .tip = Ask for another name
lesson-votes = Votes
    .tip = How many of the class are for this answer
lesson-own-window = Own window
    .tip = Move the teacher's page to a window of its own, for another screen, or back

lesson-none = No lesson is open.
lesson-progress = { $percent } % of the lesson
lesson-off = This is not where the lesson stands. Look around as long as you like.
lesson-catching-up = Going to where you left …
lesson-playing = Watch: the run goes on …
lesson-free = Explore: everything is allowed, nothing counts.
lesson-compare = The lanes on the right have one clock and the same faults. Space plays.
lesson-look-at = Look at { $what }
lesson-recap = To remember
lesson-ended = Done!
lesson-score = { $right } of { $of } right at the first try
lesson-after-this = Next: { $title }
lesson-file = Your answers are kept in your file; a teacher can grade it.
lesson-skip = Go to its end
    .tip = Do not watch: go to where this stops  [PageDown or .]
lesson-give-up = Go on without it
    .tip = Leave this task; it is noted
lesson-explored = Go on
    .tip = Go on with the lesson  [PageDown or .]
lesson-finish = Finish
    .tip = End this lesson  [Space, PageDown or .]
lesson-chosen = your answer
lesson-revealing = The run will show who is right …
lesson-right = Right!
lesson-wrong = Not this time.
lesson-none-right = Nothing of that happened.
lesson-when-right = When would { $choice } be right?
lesson-aside = A branch: the run goes on otherwise …
lesson-aside-right = Here that answer is right.
lesson-aside-wrong = Even here that answer is not right.
lesson-aside-stopped = This could not be done here.
lesson-voted =
    { $count ->
        [1] 1 vote of { $of }
       *[other] { $count } votes of { $of }
    }
lesson-lit = reached
lesson-dark = not reached
lesson-reached = Done!
lesson-allowed = Counts: { $what }
lesson-done-of = { $done } of at most { $most } actions
lesson-done-so-far = { $done } actions so far
lesson-hint-nth = Hint { $nth }
lesson-not-allowed = { $what } does not count here: go back and try without it
lesson-too-many = More than { $most } actions do not count: go back and try again
lesson-before-task = You changed what was before the task: go back and try again
lesson-too-late = The time for this is over: go back and try again

presenter-none = Begin a lesson, and its notes stand here.
presenter-time = { $passed } of { $all } min · by plan { $planned } · this card { $beat }
presenter-notes = Notes
presenter-no-notes = No notes for this card.
presenter-votes = Votes of the class
presenter-next = Next
presenter-last = This is the last card.
palette-lesson = Lesson: { $name }
