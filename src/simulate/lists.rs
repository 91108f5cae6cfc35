//! The three lists and the truth file.

use std::io;
use std::io::Write;

use crate::simulate::case::List;
use crate::simulate::case::Row;
use crate::simulate::faults::Fault;
use crate::simulate::formats::csv::push_field;
use crate::simulate::text::push_amount;
use crate::simulate::text::push_date;
use crate::simulate::text::push_german;
use crate::simulate::text::push_iso;
use crate::simulate::text::push_number;
use crate::simulate::text::push_windows_1252;
use crate::simulate::timetable::Timetable;

/// A list: its path, how far it is written.
pub struct ListFile {
    list: List,
    path: &'static str,
    line: u64,
    out: Box<dyn Write>,
    buffer: Vec<u8>,
}

impl std::fmt::Debug for ListFile {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("ListFile").field("path", &self.path).finish_non_exhaustive()
    }
}

/// Path of a list inside the month's folder.
pub const fn path(list: List) -> &'static str {
    match list {
        List::Social => "listen/sozialhilfe.csv",
        List::Care => "listen/hilfe-zur-pflege.csv",
        List::Homes => "listen/heime.csv",
    }
}

impl ListFile {
    /// Begins a list with its header.
    pub fn new(list: List, out: Box<dyn Write>) -> Self {
        let mut file = Self { list, path: path(list), line: 1, out, buffer: Vec::new() };
        match list {
            List::Social => push_windows_1252(
                &mut file.buffer,
                "Aktenzeichen;Leistungsart;Name;Vorname;Zahlungsempfänger;IBAN;Zahlbetrag;Fälligkeit;\
                 End-to-End-ID;Zahlungslauf;Zahlweg;Status;Bemerkung\r\n",
            ),
            List::Care => file.buffer.extend_from_slice(
                "\u{feff}Betrag;Kontoinhaber;IBAN;Ende-zu-Ende-Referenz;Fallnummer;\
                 Leistungsberechtigter;Leistungsart;Fällig am;Lauf;Zahlweg;Status;Bemerkung\r\n"
                    .as_bytes(),
            ),
            List::Homes => file.buffer.extend_from_slice(
                "Einrichtung,Az.,Name,Leistungsart,Zahlungsempfänger,IBAN,Betrag,Fälligkeit,\
                 End-to-End-ID,Lauf,Zahlweg,Status,Bemerkung\n"
                    .as_bytes(),
            ),
        }
        file
    }

    /// Adds a row; its line.
    pub fn add(&mut self, row: &Row, timetable: &Timetable) -> io::Result<u64> {
        let mut amount = String::new();
        push_german(&mut amount, row.cents);
        if row.unreadable {
            amount = amount.replacen(',', ",O", 1);
        }
        let mut due = String::new();
        push_date(&mut due, timetable.date(timetable.due), 4);
        let name = format!("{} {}", row.given, row.family);
        let id = row.end_to_end_id.as_str();
        let tail = [row.run.as_str(), row.channel, row.list_status, row.note];
        let head: &[&str] = match self.list {
            List::Social => &[
                &row.case_id,
                "Grundsicherung",
                &row.family,
                &row.given,
                &row.payee,
                &row.iban,
                &amount,
                &due,
                id,
            ],
            List::Care => {
                &[&amount, &row.payee, &row.iban, id, &row.case_id, &name, "Hilfe zur Pflege", &due]
            }
            List::Homes => &[
                &row.payee,
                &row.case_id,
                &name,
                "Pflegeeinrichtung",
                &row.payee,
                &row.iban,
                &amount,
                &due,
                id,
            ],
        };
        let mark = if self.list == List::Homes { ',' } else { ';' };
        let mut line = String::with_capacity(220);
        for (number, field) in head.iter().chain(&tail).enumerate() {
            if number > 0 {
                line.push(mark);
            }
            push_field(&mut line, field, mark);
        }
        line.push_str(if self.list == List::Homes { "\n" } else { "\r\n" });
        if self.list == List::Social {
            push_windows_1252(&mut self.buffer, &line);
        } else {
            self.buffer.extend_from_slice(line.as_bytes());
        }
        self.line += 1;
        if self.buffer.len() > 60_000 {
            self.flush()?;
        }
        Ok(self.line)
    }

    /// Writes what is left.
    pub fn flush(&mut self) -> io::Result<()> {
        self.out.write_all(&self.buffer)?;
        self.buffer.clear();
        self.out.flush()
    }
}

/// Header of the truth file.
pub const TRUTH: &str = "file,line,case_id,end_to_end_id,iban,amount,state,fault,credited_ok,\
provable,booked,list_status\n";

/// Adds the truth about a row.
pub fn push_truth(out: &mut String, row: &Row, line: u64, timetable: &Timetable) {
    let end = timetable.end;
    let proof = row.proof.filter(|day| *day <= end);
    let against = row.against.is_some_and(|day| day <= end);
    let in_time = proof.is_some_and(|day| day <= timetable.due);
    let not_back_yet = row.proven_until.is_some_and(|(day, back)| day <= end && end < back);
    let credited = row.settled || not_back_yet || (in_time && !against);
    let late = proof.is_some_and(|day| day == timetable.horizon()) && !against;
    let waits = proof.is_none()
        && (timetable.due..timetable.horizon()).contains(&end)
        && row.proof.is_none_or(|day| day > end)
        && matches!(
            row.fault,
            Some(
                Fault::Missing
                    | Fault::Late
                    | Fault::TooLate
                    | Fault::ManualLate
                    | Fault::LastMonthOnly
                    | Fault::ForeignAmount
            )
        );
    let state = if credited {
        "credited"
    } else if late || waits {
        "delayed"
    } else {
        "follow-up"
    };
    out.push_str(path(row.list));
    out.push(',');
    push_number(out, line);
    for field in [row.case_id.as_str(), &row.end_to_end_id, &row.iban] {
        out.push(',');
        out.push_str(field);
    }
    out.push(',');
    push_amount(out, row.cents, '.');
    let fault = row.fault.map_or("none", Fault::name);
    for field in [
        state,
        if row.about.is_empty() { fault } else { row.about.as_str() },
        if credited { "yes" } else { "no" },
        if credited && !row.doubtful { "yes" } else { "no" },
    ] {
        out.push(',');
        out.push_str(field);
    }
    out.push(',');
    if let Some(day) = proof {
        push_iso(out, timetable.date(day));
    }
    out.push(',');
    out.push_str(row.list_status);
    out.push('\n');
}
