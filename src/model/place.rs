//! Where a value was read.

/// A file of the run, by its number: files are numbered in the order of their paths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// File and line (and column, where a cell is meant).
///
/// **Unit.** Lines and columns count from 1; 0 means the file as a whole or the whole line. For
/// XML it is the line on which the element begins, for spreadsheets the sheet row. Bank entries that
/// begin on one line have columns that count on, to keep their order; they are shown nowhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// The line, from 1; 0 for the file as a whole.
    pub line: u32,
    /// The column (of a CSV record: the field's number), from 1; 0 for the line as a whole.
    pub column: u32,
}

impl Place {
    /// A whole line.
    pub const fn line(file: FileId, line: u32) -> Self {
        Self { file, line, column: 0 }
    }

    /// A whole file.
    pub const fn file(file: FileId) -> Self {
        Self { file, line: 0, column: 0 }
    }

    /// The same line as a whole.
    #[must_use]
    pub const fn whole_line(self) -> Self {
        Self { column: 0, ..self }
    }

    /// The same line, at a column.
    #[must_use]
    pub const fn at_column(self, column: u32) -> Self {
        Self { column, ..self }
    }
}
