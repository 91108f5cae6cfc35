//! Synthetic months with a truth file. Knows no decision code.
