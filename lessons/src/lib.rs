//! Lessons: the format, the runner and the lessons themselves arrive with the course.
