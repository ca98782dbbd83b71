//! Nothing but a place for the tests beside it: they need a package of their own.
