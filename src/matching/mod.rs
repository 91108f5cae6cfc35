//! Which bank entry answers which payment. Knows model values only, never a file format.
