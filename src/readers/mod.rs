//! Bytes of a file to model values and problems. Readers never fail: they report.
